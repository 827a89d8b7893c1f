"""Refunds: whole payments, once, while the wallet can bear it."""

from __future__ import annotations

import hashlib

from starbid.domain.errors import NotRefundable
from starbid.domain.payments import Charge, ChargeState
from starbid.services.ports import TryLater
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Button
from webhook import reading
from webhook.registry import screens
from webhook.talk import Talk

SHOWN = 8


@screens.command("paysupport")
def paysupport(talk: Talk, _rest: str) -> None:
    """The payments that can be given back now."""
    words = talk.words
    charges = talk.app.refunding.refundable(talk.person.id, talk.now)[:SHOWN]
    if not charges:
        talk.show(
            words._(
                "<b>Refunds</b>\nThere is no payment that could be given back now.\n"
                "A payment is refunded whole, while its Stars are available in your wallet."
            ),
            (keyboards.go(words._("Wallet"), "balance"), keyboards.go(words._("Support"), "support")),
        )
        return
    rows = [
        (Button(f"{words.money(charge.amount)} · {words.moment(charge.paid_at)}", _data("rf", charge)),)
        for charge in charges
    ]
    talk.show(words._("<b>Refunds</b>\nWhich payment shall go back to you in Telegram Stars?"), *rows)


@screens.press("rf")
def press_refund(talk: Talk, args: list[str]) -> None:
    """Ask back."""
    charge = _find(talk, args)
    text = talk.words._(
        "Give {amount} of {moment} back to you in Telegram Stars?\nIt leaves your wallet here.",
        amount=talk.words.money(charge.amount),
        moment=talk.words.moment(charge.paid_at),
    )
    talk.show(
        text,
        (Button(talk.words._("Yes, refund"), _data("RF", charge)),),
        (keyboards.go(talk.words._("Refunds"), "paysupport"),),
    )


@screens.press("RF")
def press_sure_refund(talk: Talk, args: list[str]) -> None:
    """Do it; where Telegram cannot be reached it is finished by itself later."""
    charge = _find(talk, args)
    amount = talk.words.money(charge.amount)
    text = talk.words._("{amount} went back to you in Telegram Stars.", amount=amount)
    try:
        if charge.state is not ChargeState.REFUNDED:
            talk.app.refunding.refund(talk.person.id, charge.id, talk.now)
    except TryLater:
        text = talk.words._("The refund of {amount} is under way; you will hear of it here.", amount=amount)
    talk.acted = True
    talk.show(text, (keyboards.go(talk.words._("Wallet"), "balance"),))


def _find(talk: Talk, args: list[str]) -> Charge:
    (mark,) = reading.parts(args, 1)
    for charge in talk.app.store.charges_of(talk.person.id):
        if _mark(charge) == mark:
            return charge
    raise NotRefundable


def _data(verb: str, charge: Charge) -> str:
    return f"{verb}:{_mark(charge)}"


def _mark(charge: Charge) -> str:
    """Charge ids are longer than a button's data."""
    return hashlib.sha256(charge.id.encode()).hexdigest()[:16]
