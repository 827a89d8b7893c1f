"""The page between the wish to top up and the money: the invoice or bill, and what follows once it is paid."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.assistant_words import invoice_words
from starbid.domain.limits import Deed
from starbid.domain.money import Money
from starbid.domain.payments import Order, Purpose
from starbid.domain.unfinished import Act, PublishAct, SubscribeAct, lot_of
from starbid.i18n import Language
from starbid.top_up_words import top_up_label, what_follows
from web.kernel.http import Request, Response, path_with
from web.shared.context import page_words, show


@dataclass(frozen=True)
class PayPage:
    """`finish` is the address that finishes the act, empty where nothing waits; then `back` is where one goes on.

    `answers`: of the AI helper, which the payment has bought; 0 where it went into the wallet.
    """

    order_id: str
    amount: Money
    is_paid: bool
    heading: str
    follows: str
    url: str
    finish: str
    back: str
    back_label: str
    answers: int = 0


def pay_page(order: Order, is_paid: bool, back: str, words: Language, *, is_direct: bool = False) -> PayPage:
    """`is_direct`: the payment has bought what it was for, without passing the wallet."""
    act = order.unfinished.act if order.unfinished else None
    heading, follows = top_up_label(order.amount, act, words), what_follows(act, words, order.amount.currency)
    if order.purpose is Purpose.PACK:
        heading, follows = invoice_words(order.credits, words)
    finish, label = _finish_of(act), _label_of(act, back, words)
    page = "/topup" if order.purpose is Purpose.TOP_UP else "/buy_stars"
    url = path_with(f"{page}/{order.id}", next=back)
    answers = order.credits if is_direct else 0
    return PayPage(order.id, order.amount, is_paid, heading, follows, url, finish, back, label, answers)


def ask_for(request: Request, user_id: int, amount: int, act: Act | None) -> tuple[Order, str]:
    """An order over so many Stars, and the address of its invoice. Raises Invalid, Blocked, TooOften, TryLater."""
    request.app.limits.require(Deed.INVOICE, user_id, request.now)
    order, payload = request.app.paying.order_stars(user_id, amount, request.now, act)
    words = page_words(request)
    title = words.ngettext("{n} Star", "{n} Stars", amount)
    about = what_follows(act, words)
    return order, request.app.gateways[order.provider].invoice_link(order, title, about, payload)


def ask_for_pack(request: Request, user_id: int, number: int, words: Language) -> tuple[Order, str]:
    """An order of a pack of the helper's answers, and the address of its invoice.

    Raises NotOffered, Invalid, Blocked, TooManyPacks, TooOften, TryLater.
    """
    request.app.limits.require(Deed.INVOICE, user_id, request.now)
    order, payload = request.app.paying.order_pack(user_id, number, request.now)
    return order, request.app.gateways[order.provider].invoice_link(order, *invoice_words(number, words), payload)


def show_invoice(request: Request, order: Order, link: str, back: str) -> Response:
    """The page that leads to Telegram and watches for the payment."""
    page = pay_page(order, False, back, page_words(request))
    return show(request, "wallet/pay.html", paid_in=order.amount.currency, pay=page, link=link, oob=False)


def _finish_of(act: Act | None) -> str:
    match act:
        case None:
            return ""
        case SubscribeAct():
            return "/subscribe/finish"
        case PublishAct():
            return "/new_auction/finish"
        case _:
            return f"/auction/{lot_of(act)}/finish"


def _label_of(act: Act | None, back: str, words: Language) -> str:
    match act:
        case None if not back.startswith("/auction/"):
            return words._("Continue")
        case SubscribeAct():
            return words._("Continue")
        case PublishAct():
            return words._("To your lot")
        case _:
            return words._("Back to the lot")
