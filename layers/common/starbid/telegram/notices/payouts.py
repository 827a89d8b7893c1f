"""Notices in words about payouts."""

from __future__ import annotations

from starbid.domain.payouts import Method, WhyReturned
from starbid.payout_words import method_name
from starbid.services.notices import payouts
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Button, Keyboard
from starbid.telegram.notices.telling import Message, Telling, says, wallet_button
from starbid.telegram.wallet_words import balance_line


@says(payouts.REQUESTED)
def _requested(t: Telling) -> Message:
    text = t.words._("Payout to review: {amount}, {method}.", amount=t.money("amount"), method=_method(t))
    look = Button(t.words._("Review the payout"), f"po:look:{t.facts['payout_id']}")
    return text, ((look,), (keyboards.menu(t.words),))


@says(payouts.APPROVED)
def _approved(t: Telling) -> Message:
    text = t.words._("Your payout of {amount} was approved. It will be paid soon.", amount=t.money("amount"))
    return text, _to_payouts(t)


@says(payouts.PAID)
def _paid(t: Telling) -> Message:
    if Method(t.facts["method"]) is Method.OUTSIDE:
        text = t.words._("Your payout of {amount} has been paid.", amount=t.money("amount"))
    else:
        text = t.words._("Paid out: {amount} became {method}.", amount=t.money("amount"), method=_method(t))
    return text, _to_payouts(t)


@says(payouts.REFUSED)
def _refused(t: Telling) -> Message:
    text = t.words._("Your payout of {amount} was refused, the money is back in the wallet.", amount=t.money("amount"))
    return "\n".join((text, t.reason, balance_line(t.balance(), t.words))), _to_payouts(t)


@says(payouts.RETURNED)
def _returned(t: Telling) -> Message:
    if t.facts["reason"] == WhyReturned.DEBT:
        why = t.words._(
            "Your payout of {amount} was not sent: a payment was taken back, and the money goes to that debt first.",
            amount=t.money("amount"),
        )
    else:
        why = t.words._(
            "Your payout of {amount} did not go through: Telegram did not accept the gift. The amount is back in "
            "the wallet.",
            amount=t.money("amount"),
        )
    return f"{why}\n{balance_line(t.balance().after_offset(), t.words)}", _to_payouts(t)


def _method(t: Telling) -> str:
    return method_name(Method(t.facts["method"]), t.words)


def _to_payouts(t: Telling) -> Keyboard:
    return ((keyboards.go(t.words._("Payouts"), "payout"), wallet_button(t)), (keyboards.menu(t.words),))
