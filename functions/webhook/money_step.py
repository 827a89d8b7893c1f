"""The buttons of one who lacks money: each tops up by a sum, and carries what is done with it then.

t:<sum>  t:<sum>:bid:<lot>:<maximum>:<card version>:<version or ->:<confirmed>
t:<sum>:buy:<lot>:<price>:<card version>  t:<sum>:take:<lot>:<price>  t:<sum>:sub:<request>:<extends>
"""

from __future__ import annotations

from starbid.domain.errors import InDebt, InsufficientFunds
from starbid.domain.money import Money, stars
from starbid.domain.unfinished import Act, BidAct, BuyAct, SubscribeAct, TakeAct
from starbid.i18n import Language
from starbid.services.settings import Business
from starbid.telegram.keyboards import Button, Row
from starbid.top_up_words import top_up_label
from webhook import callback_data

_NONE = "-"


def top_up_rows(missing: Money, act: Act | None, business: Business, words: Language) -> tuple[Row, ...]:
    """A button for each sum that is offered, below each other; none where money of that currency is not sold here."""
    sums = business.top_ups_for(missing)
    return tuple((Button(top_up_label(sum_, act, words), data_of(sum_, act)),) for sum_ in sums)


def missing_for(error: InsufficientFunds | InDebt, cost: Money | None) -> Money:
    """What has to come in: for one who owes, the debt and then the `cost` of what they want."""
    if isinstance(error, InsufficientFunds):
        return error.missing
    return error.owed + cost if cost and cost.currency == error.owed.currency else error.owed


def cost_of(act: Act, bound: Money | None) -> Money | None:
    """What an act on a lot takes out of what is available; `bound` is held for it already."""
    match act:
        case BidAct():
            return act.maximum - bound if bound and bound < act.maximum else act.maximum
        case BuyAct() | TakeAct():
            return act.price
        case _:
            return None


def data_of(amount: Money, act: Act | None) -> str:
    """What the button carries."""
    parts: tuple[object, ...]
    match act:
        case BidAct():
            version = _NONE if act.version is None else act.version
            parts = ("bid", act.lot, act.maximum.amount, act.card_version, version, int(act.confirmed))
        case BuyAct():
            parts = ("buy", act.lot, act.price.amount, act.card_version)
        case TakeAct():
            parts = ("take", act.lot, act.price.amount)
        case SubscribeAct():
            parts = ("sub", act.request_id, int(act.extends))
        case _:
            parts = ()
    return ":".join(map(str, ("t", amount.amount, *parts)))


def read_step(args: list[str]) -> tuple[int, Act | None]:
    """The sum in Stars and the act of a button. All that is topped up here is Stars. Raises Garbled."""
    amount, number = callback_data.number(args[0] if args else ""), callback_data.number
    match args[1:]:
        case []:
            return amount, None
        case ["bid", lot, maximum, card, version, confirmed]:
            seen = None if version == _NONE else number(version)
            lot = callback_data.lot_id(lot)
            return amount, BidAct(lot, stars(number(maximum)), number(card), seen, bool(number(confirmed)))
        case ["buy", lot, price, card]:
            return amount, BuyAct(callback_data.lot_id(lot), stars(number(price)), number(card))
        case ["take", lot, price]:
            return amount, TakeAct(callback_data.lot_id(lot), stars(number(price)))
        case ["sub", request_id, extends] if request_id.isascii() and request_id.isalnum():
            return amount, SubscribeAct(request_id, bool(number(extends)))
        case _:
            raise callback_data.Garbled
