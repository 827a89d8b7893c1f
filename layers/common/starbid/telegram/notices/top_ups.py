"""Notices in words about bills."""

from __future__ import annotations

from starbid.services.notices import top_ups
from starbid.telegram import keyboards
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button, Keyboard
from starbid.telegram.notices.telling import Message, Telling, says
from starbid.wording import provider_name


@says(top_ups.BILL_ENDED)
def _ended(t: Telling) -> Message:
    amount, _ = t.money("amount"), t.words._
    match t.facts["state"]:
        case "expired":
            text = _("The time to pay {amount} is over. Nothing was charged.", amount=amount)
        case "rejected":
            text = _("The payment of {amount} was declined. Nothing was charged.", amount=amount)
        case _:
            text = _("The payment of {amount} did not go through.", amount=amount)
    rest = _("If you did pay, the money still comes into your wallet. Top up again whenever you like.")
    return f"{text}\n{rest}", _start(t)


@says(top_ups.BILL_PUZZLING)
def _puzzling(t: Telling) -> Message:
    text = t.words._("We cannot read yet what became of your payment of {amount}.", amount=t.money("amount"))
    rest = t.words._("We keep asking, and write as soon as it is in your wallet.")
    check = Button(t.words._("Check payment"), f"bl:check:{t.facts['bill_id']}")
    return f"{text}\n{rest}", ((check,), (keyboards.menu(t.words),))


@says(top_ups.BILL_DIFFERS)
def _differs(t: Telling) -> Message:
    text = t.words._(
        "You paid {paid} on a bill over {amount}, so it was not added to your wallet yet.",
        paid=escape(str(t.facts["paid"])),
        amount=t.money("amount"),
    )
    return f"{text}\n{t.words._('Support has been informed and will add or return it.')}", _start(t)


@says(top_ups.BILL_RETURNED)
def _returned(t: Telling) -> Message:
    paid = escape(str(t.facts["paid"]))
    text = t.words._("Your payment of {paid} was not the amount of the bill. It is returned to you.", paid=paid)
    return text, _start(t)


@says(top_ups.BILL_TO_REVIEW)
def _to_review(t: Telling) -> Message:
    text = t.words._(
        "<b>A bill differs</b>\nAsked for {amount}, paid {paid}. Nobody has been credited.",
        amount=t.money("amount"),
        paid=escape(str(t.facts["paid"])),
    )
    look = Button(t.words._("Look at the bill"), f"bl:look:{t.facts['bill_id']}")
    return text, ((look,), (keyboards.menu(t.words),))


@says(top_ups.PROVIDER_TROUBLED)
def _troubled(t: Telling) -> Message:
    name = provider_name(str(t.facts["provider"]))
    text = t.words._("<b>{name} fails</b>\nTop-ups do not work there at the moment; the log says why.", name=name)
    return text, ((keyboards.menu(t.words),),)


def _start(t: Telling) -> Keyboard:
    return ((keyboards.go(t.words._("Top up"), "topup"), keyboards.menu(t.words)),)
