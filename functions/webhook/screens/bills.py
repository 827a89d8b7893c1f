"""A bill in the chat: paying it, what became of it, and what waits for its money.

bl:check:<bill>  bl:cancel:<bill>  bl:done:<bill>; the verbs of operators are in `bill_review`.
"""

from __future__ import annotations

from starbid.bill_words import how_it_stands
from starbid.domain.bills import Bill, BillState, ProviderFailed, invoice_payload
from starbid.domain.errors import Conflict, NotFound
from starbid.domain.payments import Provider
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button, Row
from starbid.telegram.wallet_words import balance_line
from starbid.top_up_words import what_follows_bill
from starbid.wording import provider_name, refusal
from webhook import callback_data
from webhook.callback_data import Garbled
from webhook.conversation import Conversation, patiently
from webhook.registry import screens
from webhook.screens import bill_review, finishing, menu


@screens.press("bl", keeps_question=True)
def press(chat: Conversation, args: list[str]) -> None:
    """A step of the person's own bill, of which nobody else knows anything, or of an operator."""
    try:
        match args:
            case ["check", bill_id]:
                _check(chat, callback_data.bill_id(bill_id))
            case ["cancel", bill_id]:
                _cancel(chat, callback_data.bill_id(bill_id))
            case ["done", bill_id]:
                _finish(chat, callback_data.bill_id(bill_id))
            case _:
                bill_review.press(chat, args)
    except NotFound:
        raise Garbled from None
    except Conflict:
        still_busy(chat)


def show(chat: Conversation, bill: Bill) -> None:
    """The bill, with the ways to pay it; what has become of it where it is open no more."""
    if not bill.is_open:
        tell(chat, bill)
    elif bill.provider is Provider.TELEGRAM:
        _send_invoice(chat, bill)
    else:
        words = chat.words
        text = words._(
            "<b>Bill over {amount}</b> · {provider}\nDue {moment}.",
            amount=words.money(bill.amount),
            provider=provider_name(bill.provider),
            moment=words.moment(bill.expires_at),
        )
        chat.show(
            f"{text}\n{_follows(chat, bill)}", *ways_to_pay(chat, bill), (_cancel_button(chat, bill),), back=False
        )


def ways_to_pay(chat: Conversation, bill: Bill) -> tuple[Row, ...]:
    """The page of the provider, and asking whether it is paid."""
    check = (Button(chat.words._("Check payment"), f"bl:check:{bill.id}"),)
    return ((Button(_pay_label(chat, bill), url=bill.pay_url),), check) if bill.pay_url else (check,)


def tell(chat: Conversation, bill: Bill) -> None:
    """What has become of a bill that is open no more. What waited for its money is done first."""
    text = escape(how_it_stands(bill, chat.words))
    if bill.state is BillState.PAID:
        finishing.finish(chat.aside(), bill.id)
        wallet = chat.app.store.wallet(chat.person.id, bill.amount.currency, consistent=True)
        text = f"{text}\n{balance_line(wallet, chat.words)}"
    menu.to_start(chat, text)


def still_busy(chat: Conversation) -> None:
    """The provider is being asked by another press."""
    chat.toast(chat.words._("One moment, the provider has not answered yet. Press again shortly."), alert=True)


def _check(chat: Conversation, bill_id: str) -> None:
    try:
        bill = chat.app.top_ups.check(bill_id, chat.person.id, chat.now)
    except ProviderFailed as error:
        menu.to_start(chat.aside(), refusal(error, chat.words))  # it may still be paid: the bill stays as it is
        return
    if bill.is_open:
        chat.toast(how_it_stands(bill, chat.words), alert=True)
    else:
        tell(chat, bill)


def _cancel(chat: Conversation, bill_id: str) -> None:
    """Asks nothing: no money has moved, and what was paid all the same counts."""
    was_open = chat.app.top_ups.bill(bill_id, chat.person.id).is_open
    bill = chat.app.top_ups.cancel(bill_id, chat.person.id, chat.now)
    if was_open and bill.state is BillState.REJECTED:
        amount = chat.words.money(bill.amount)
        menu.to_start(chat, chat.words._("The bill over {amount} is cancelled. Nothing was charged.", amount=amount))
    else:
        tell(chat, bill)


def _finish(chat: Conversation, bill_id: str) -> None:
    """What waits for the money of the bill is done now, if it is not done yet."""
    if not finishing.finish(chat, bill_id):
        _check(chat, bill_id)


def _send_invoice(chat: Conversation, bill: Bill) -> None:
    """A bill that Telegram collects itself is an invoice in the chat."""
    words = chat.words
    keyboard = (
        (Button(_pay_label(chat, bill), pay=True),),
        (Button(words._("Check payment"), f"bl:check:{bill.id}"),),
        (_cancel_button(chat, bill),),
    )
    title = words._("{amount} for your wallet", amount=words.money(bill.amount))
    text, token = _follows(chat, bill), chat.app.settings.secret_of(Provider.TELEGRAM)
    patiently(
        lambda: chat.app.bot.send_invoice(
            chat.chat_id, title, text, invoice_payload(bill), bill.amount, keyboard, provider=token
        )
    )
    chat.said = True
    chat.change_buttons(lambda _: None)


def _follows(chat: Conversation, bill: Bill) -> str:
    act = chat.app.paying.act_of(bill.id, chat.person.id)
    return what_follows_bill(act, bill.provider, bill.amount.currency, chat.words)


def _pay_label(chat: Conversation, bill: Bill) -> str:
    return chat.words._("Pay {amount}", amount=chat.words.money(bill.amount))


def _cancel_button(chat: Conversation, bill: Bill) -> Button:
    return Button(chat.words._("Cancel the bill"), f"bl:cancel:{bill.id}")
