"""An act that waits for money, as the hidden fields of a form: what counts is the person's own press of its button."""

from __future__ import annotations

from collections.abc import Mapping

from starbid.domain.errors import Invalid
from starbid.domain.money import CURRENCIES, DEFAULT_CURRENCY, Money
from starbid.domain.typed_numbers import typed_whole
from starbid.domain.unfinished import Act, BidAct, BuyAct, SubscribeAct, TakeAct

_MOST = 64


def fields_of(act: Act | None) -> dict[str, str]:
    """Amounts in minor units of `currency`. What is published is no field: `/new_auction` has it."""
    match act:
        case BidAct():
            confirmed = {"confirmed": "1"} if act.confirmed else {}
            return {"act": act.name, "lot": act.lot, **_sum("maximum", act.maximum), **_card(act), **confirmed}
        case BuyAct():
            return {"act": act.name, "lot": act.lot, **_sum("price", act.price), **_card(act)}
        case TakeAct():
            return {"act": act.name, "lot": act.lot, **_sum("price", act.price)}
        case SubscribeAct():
            extends = {"extends": "1"} if act.extends else {}
            return {"act": act.name, "request_id": act.request_id, **extends}
        case _:
            return {}


def act_of(form: Mapping[str, str]) -> Act | None:
    """What `fields_of` made, None where there is none of it. Raises Invalid."""
    match form.get("act", ""):
        case "":
            return None
        case BidAct.name:
            maximum, card = _money(form, "maximum"), _number(form, "card_version")
            return BidAct(_text(form, "lot"), maximum, card, confirmed="confirmed" in form)
        case BuyAct.name:
            return BuyAct(_text(form, "lot"), _money(form, "price"), _number(form, "card_version"))
        case TakeAct.name:
            return TakeAct(_text(form, "lot"), _money(form, "price"))
        case SubscribeAct.name:
            return SubscribeAct(_text(form, "request_id"), extends="extends" in form)
        case _:
            raise Invalid("act", "choice")


def currency_of(act: Act) -> str:
    """What the act is paid in."""
    match act:
        case BidAct():
            return act.maximum.currency
        case BuyAct() | TakeAct():
            return act.price.currency
        case _:
            return DEFAULT_CURRENCY


def _sum(name: str, amount: Money) -> dict[str, str]:
    return {name: str(amount.amount), "currency": amount.currency}


def _card(act: BidAct | BuyAct) -> dict[str, str]:
    return {"card_version": str(act.card_version)}


def _money(form: Mapping[str, str], name: str) -> Money:
    """A page from before names no currency."""
    currency = form.get("currency", DEFAULT_CURRENCY)
    if currency not in CURRENCIES:
        raise Invalid("currency", "choice")
    return Money(_number(form, name), currency)


def _text(form: Mapping[str, str], name: str) -> str:
    text = form.get(name, "")
    if not text or len(text) > _MOST:
        raise Invalid(name, "required")
    return text


def _number(form: Mapping[str, str], name: str) -> int:
    number = typed_whole(form.get(name, ""))
    if number is None:
        raise Invalid(name, "whole")
    return number
