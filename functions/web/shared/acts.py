"""An act that waits for money, as the hidden fields of a form: what counts is the person's own press of its button."""

from __future__ import annotations

from collections.abc import Mapping

from starbid.domain.errors import Invalid
from starbid.domain.money import stars
from starbid.domain.typed_numbers import typed_whole
from starbid.domain.unfinished import Act, BidAct, BuyAct, SubscribeAct, TakeAct

_MOST = 64


def fields_of(act: Act | None) -> dict[str, str]:
    """Amounts in minor units. What is published is no field: `/new_auction` has it."""
    match act:
        case BidAct():
            confirmed = {"confirmed": "1"} if act.confirmed else {}
            sums = {"maximum": str(act.maximum.amount), "card_version": str(act.card_version)}
            return {"act": act.name, "lot": act.lot, **sums, **confirmed}
        case BuyAct():
            sums = {"price": str(act.price.amount), "card_version": str(act.card_version)}
            return {"act": act.name, "lot": act.lot, **sums}
        case TakeAct():
            return {"act": act.name, "lot": act.lot, "price": str(act.price.amount)}
        case SubscribeAct():
            extends = {"extends": "1"} if act.extends else {}
            return {"act": act.name, "request_id": act.request_id, **extends}
        case _:
            return {}


def act_of(form: Mapping[str, str]) -> Act | None:
    """What `fields_of` made, None where there is none of it. Stars are all that is topped up. Raises Invalid."""
    match form.get("act", ""):
        case "":
            return None
        case BidAct.name:
            maximum, card = stars(_number(form, "maximum")), _number(form, "card_version")
            return BidAct(_text(form, "lot"), maximum, card, confirmed="confirmed" in form)
        case BuyAct.name:
            return BuyAct(_text(form, "lot"), stars(_number(form, "price")), _number(form, "card_version"))
        case TakeAct.name:
            return TakeAct(_text(form, "lot"), stars(_number(form, "price")))
        case SubscribeAct.name:
            return SubscribeAct(_text(form, "request_id"), extends="extends" in form)
        case _:
            raise Invalid("act", "choice")


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
