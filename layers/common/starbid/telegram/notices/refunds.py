"""Notices in words about refunds that people ask for."""

from __future__ import annotations

from starbid.services.notices import refunds
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Button, Keyboard
from starbid.telegram.notices.telling import Message, Telling, says


@says(refunds.REQUESTED)
def _requested(t: Telling) -> Message:
    text = t.words._("Refund to review: {amount}.", amount=t.money("amount"))
    look = Button(t.words._("Review the refund"), f"rr:look:{t.facts['payer']}:{t.facts['mark']}")
    return text, ((look,), (keyboards.menu(t.words),))


@says(refunds.REFUSED)
def _refused(t: Telling) -> Message:
    text = t.words._(
        "Your refund of {amount} was refused. Nothing was taken from your wallet.", amount=t.money("amount")
    )
    return f"{text}\n{t.reason}", _onward(t)


@says(refunds.FAILED)
def _failed(t: Telling) -> Message:
    text = t.words._(
        "The refund of {amount} did not go through: Telegram did not accept it. What you paid for is yours as before.",
        amount=t.money("amount"),
    )
    return text, _onward(t)


def _onward(t: Telling) -> Keyboard:
    support = keyboards.go(t.words._("Support"), "support")
    return ((keyboards.go(t.words._("Refunds"), "paysupport"), support), (keyboards.menu(t.words),))
