"""The buttons of one who lacks money: each tops up by a sum, and carries what is done with it then.

A sum has its currency behind it unless it is in Stars (`50000RUB`), and the amounts of the act are in the same.

t:<sum>  t:<sum>:bid:<lot>:<maximum>:<card version>:<version or ->:<confirmed>
t:<sum>:buy:<lot>:<price>:<card version>  t:<sum>:take:<lot>:<price>  t:<sum>:sub:<request>:<extends>
"""

from __future__ import annotations

from starbid.domain.errors import InDebt, InsufficientFunds, StarbidError
from starbid.domain.money import DEFAULT_CURRENCY, CurrencyMismatch, Money
from starbid.domain.unfinished import Act, BidAct, BuyAct, SubscribeAct, TakeAct, price_of
from starbid.i18n import Language
from starbid.services.settings import Business
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Button, Row
from starbid.top_up_words import least_note, top_up_label
from webhook import callback_data

_NONE = "-"


def top_up_button(business: Business, words: Language) -> Button:
    """Where one begins to top up: with the currencies of bills where they are on offer, else with Stars."""
    return keyboards.go(words._("Top up"), "topup" if business.offers_bills else "buy_stars")


def settling_rows(owed: Money, business: Business, words: Language) -> tuple[Row, ...]:
    """The payment that brings what is owed; none where nothing is, or money of it is not brought in here."""
    amount = business.purchase_of(owed)
    if not amount:
        return ()
    return ((keyboards.top_up(words._("Settle {amount}", amount=words.money(amount)), amount),),)


def top_up_rows(missing: Money, act: Act | None, business: Business, words: Language) -> tuple[Row, ...]:
    """A button for each sum that is offered, below each other; none where money of it is not brought in here."""
    sums = business.top_ups_for(missing)
    return tuple((Button(top_up_label(sum_, act, words), data_of(sum_, act)),) for sum_ in sums)


def with_note(text: str, missing: Money | None, business: Business, words: Language) -> str:
    """The text above those buttons, which says why more is asked for than is missing."""
    bounds = business.payment_bounds(missing.currency) if missing else None
    note = least_note(missing, bounds[0], words) if missing and bounds else ""
    return f"{text} {note}".rstrip()


def missing_for(error: StarbidError, cost: Money | None) -> Money | None:
    """What has to come in: for one who owes, the debt and then the `cost` of what they want. None for a refusal that is
    not about money.
    """
    match error:
        case InsufficientFunds():
            return error.missing
        case InDebt():
            return error.owed + cost if cost and cost.currency == error.owed.currency else error.owed
        case _:
            return None


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
    return f"t:{step_of(amount, act)}"


def step_of(amount: Money, act: Act | None) -> str:
    """The sum and the act, as `read_step` reads them. Raises CurrencyMismatch for an act in other money."""
    price = price_of(act) if act else None
    if price and price.currency != amount.currency:
        raise CurrencyMismatch(f"{amount.currency} for an act in {price.currency}")
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
    return ":".join(map(str, (keyboards.sum_data(amount), *parts)))


def read_step(args: list[str]) -> tuple[Money, Act | None]:
    """The sum and the act of a button. Raises Garbled."""
    sum_, number = _read_sum(args[0] if args else ""), callback_data.number
    match args[1:]:
        case []:
            return sum_, None
        case ["bid", lot, maximum, card, version, confirmed]:
            seen, wanted = None if version == _NONE else number(version), Money(number(maximum), sum_.currency)
            return sum_, BidAct(callback_data.lot_id(lot), wanted, number(card), seen, bool(number(confirmed)))
        case ["buy", lot, price, card]:
            return sum_, BuyAct(callback_data.lot_id(lot), Money(number(price), sum_.currency), number(card))
        case ["take", lot, price]:
            return sum_, TakeAct(callback_data.lot_id(lot), Money(number(price), sum_.currency))
        case ["sub", request_id, extends] if (
            sum_.currency == DEFAULT_CURRENCY and request_id.isascii() and request_id.isalnum()
        ):
            return sum_, SubscribeAct(request_id, bool(number(extends)))
        case _:
            raise callback_data.Garbled


def _read_sum(text: str) -> Money:
    return callback_data.named_sum(f"{text}{DEFAULT_CURRENCY}" if text.isdecimal() else text)
