"""Refunds: whole payments, once, while the wallet can bear it."""

from __future__ import annotations

import hashlib

from starbid.domain.payment_errors import NotRefundable
from starbid.domain.payments import Charge, ChargeState, Purpose
from starbid.i18n import Language
from starbid.services.ports import TryLater
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Button
from webhook import callback_data
from webhook.conversation import Conversation
from webhook.registry import screens

SHOWN = 8


@screens.command("paysupport")
def paysupport(chat: Conversation, _rest: str) -> None:
    """The payments that can be given back now."""
    words = chat.words
    charges = chat.app.refunding.refundable(chat.person.id, chat.now)[:SHOWN]
    if not charges:
        chat.show(
            words._(
                "<b>Refunds</b>\nThere is no payment to refund right now.\nA payment is refunded in full, "
                "while its Stars are available in your wallet, or what it bought is wholly unused."
            ),
            (keyboards.go(words._("Wallet"), "balance"), keyboards.go(words._("Support"), "support")),
        )
        return
    rows = [(Button(_label(charge, words), _data("rf", charge)),) for charge in charges]
    chat.show(words._("<b>Refunds</b>\nWhich payment do you want back in Telegram Stars?"), *rows)


@screens.press("rf")
def press_refund(chat: Conversation, args: list[str]) -> None:
    """Ask back, but not for what went back already."""
    charge = _find(chat, args)
    if charge.state is ChargeState.REFUNDED:
        _show(chat, _refunded(chat, charge))
        return
    chat.show(
        _question(charge, chat.words),
        (Button(chat.words._("Yes, refund"), _data("RF", charge)),),
        (keyboards.go(chat.words._("Refunds"), "paysupport"),),
    )


@screens.press("RF")
def press_sure_refund(chat: Conversation, args: list[str]) -> None:
    """Do it; where Telegram cannot be reached it is finished by itself later."""
    charge = _find(chat, args)
    text = _refunded(chat, charge)
    try:
        if charge.state is not ChargeState.REFUNDED:
            chat.app.refunding.refund(chat.person.id, charge.id, chat.now)
    except TryLater:
        amount = chat.words.money(charge.amount)
        text = chat.words._("The refund of {amount} is on its way. We will tell you here.", amount=amount)
    chat.acted = True
    _show(chat, text)


def _label(charge: Charge, words: Language) -> str:
    """When it was paid, and what it bought where that is not Stars."""
    paid = f"{words.money(charge.amount)} · {words.moment(charge.paid_at)}"
    match charge.purpose:
        case Purpose.SUBSCRIPTION:
            return f"{paid} · {words._('Subscription')}"
        case Purpose.PACK:
            return f"{paid} · {words._('Helper answers')}"
        case _:
            return paid


def _question(charge: Charge, words: Language) -> str:
    """With what is lost here."""
    facts = {"amount": words.money(charge.amount), "moment": words.moment(charge.paid_at)}
    match charge.purpose:
        case Purpose.SUBSCRIPTION:
            return words._(
                "Refund {amount} from {moment} to you in Telegram Stars?\n"
                "The days that it bought are gone then, and the subscription is not renewed.",
                **facts,
            )
        case Purpose.PACK:
            return words._(
                "Refund {amount} from {moment} to you in Telegram Stars?\n"
                "The answers of the AI helper that it bought are gone then.",
                **facts,
            )
        case _:
            return words._(
                "Refund {amount} from {moment} to you in Telegram Stars?\nThe amount leaves your wallet here.", **facts
            )


def _refunded(chat: Conversation, charge: Charge) -> str:
    return chat.words._("{amount} has been refunded to you in Telegram Stars.", amount=chat.words.money(charge.amount))


def _show(chat: Conversation, text: str) -> None:
    chat.conclude(text, (keyboards.go(chat.words._("Wallet"), "balance"),))


def _find(chat: Conversation, args: list[str]) -> Charge:
    (mark,) = callback_data.parts(args, 1)
    for charge in chat.app.store.charges_of(chat.person.id):
        if _mark(charge) == mark:
            return charge
    raise NotRefundable


def _data(verb: str, charge: Charge) -> str:
    return f"{verb}:{_mark(charge)}"


def _mark(charge: Charge) -> str:
    """Charge ids are longer than a button's data."""
    return hashlib.sha256(charge.id.encode()).hexdigest()[:16]
