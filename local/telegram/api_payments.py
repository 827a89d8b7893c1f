"""Bot API methods about money: links to pay, pre-checkout, refunds, subscriptions, gifts, the bot's Stars."""

from __future__ import annotations

from typing import Any

from local.telegram import business, charges, checkout, gifts, invoices
from local.telegram.content import read_person
from local.telegram.context import Context
from local.telegram.errors import bad_request
from local.telegram.params import Params


def create_invoice_link(context: Context, params: Params) -> str:
    """`createInvoiceLink`; with `subscription_period` it starts a subscription."""
    invoice = invoices.read_invoice(params, link=True)
    invoices.keep(context, invoice)
    return invoices.link(context, invoice)


def answer_pre_checkout_query(context: Context, params: Params) -> bool:
    """`answerPreCheckoutQuery`, within ten seconds."""
    ok, words = params.flag("ok"), params.text("error_message")
    if not ok and not words.strip():
        raise bad_request("ERROR_TEXT_EMPTY")
    checkout.answer(context, params.required("pre_checkout_query_id"), ok=ok, words=words)
    return True


def refund_star_payment(context: Context, params: Params) -> bool:
    """`refundStarPayment`: a whole charge, once."""
    person = read_person(context, params, "user_id")
    charges.refund(context, person, params.required("telegram_payment_charge_id"))
    return True


def edit_user_star_subscription(context: Context, params: Params) -> bool:
    """`editUserStarSubscription`."""
    person, charge_id = read_person(context, params, "user_id"), params.required("telegram_payment_charge_id")
    charges.set_canceled_by_bot(context, person, charge_id, canceled=params.flag("is_canceled"))
    return True


def gift_premium_subscription(context: Context, params: Params) -> bool:
    """`giftPremiumSubscription`, out of the bot's Stars. A repeat is another gift."""
    person = read_person(context, params, "user_id")
    gifts.give(context, person, params.integer("month_count"), params.integer("star_count"))
    return True


def get_star_transactions(context: Context, params: Params) -> dict[str, Any]:
    """`getStarTransactions`: oldest first, 100 at most."""
    offset, limit = params.integer("offset"), params.integer("limit", charges.MAX_TRANSACTIONS)
    if offset < 0 or not 1 <= limit <= charges.MAX_TRANSACTIONS:
        raise bad_request("LIMIT_INVALID")
    return {"transactions": charges.transactions(context, offset, limit)}


def get_my_star_balance(context: Context, _params: Params) -> dict[str, int]:
    """`getMyStarBalance`."""
    return {"amount": charges.balance(context)}


def get_business_account_star_balance(context: Context, params: Params) -> dict[str, int]:
    """`getBusinessAccountStarBalance`: of who connected the bot with the right to view Stars."""
    return {"amount": business.stars(context, params.required("business_connection_id"))}


METHODS = {
    "createinvoicelink": create_invoice_link,
    "answerprecheckoutquery": answer_pre_checkout_query,
    "refundstarpayment": refund_star_payment,
    "edituserstarsubscription": edit_user_star_subscription,
    "giftpremiumsubscription": gift_premium_subscription,
    "getstartransactions": get_star_transactions,
    "getmystarbalance": get_my_star_balance,
    "getbusinessaccountstarbalance": get_business_account_star_balance,
}
