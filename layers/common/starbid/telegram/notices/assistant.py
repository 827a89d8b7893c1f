"""Notices in words about the AI helper's answers: the receipt of a pack, and what else gave or took some."""

from __future__ import annotations

from starbid.services.notices import assistant
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Keyboard
from starbid.telegram.notices.telling import Message, Telling, says


@says(assistant.BOUGHT)
def _bought(t: Telling) -> Message:
    number, price = int(t.facts["credits"]), t.money("price")
    if t.facts["from_wallet"]:
        text = t.words.ngettext(
            "Bought: {n} answer of the AI helper for {price} from the wallet.",
            "Bought: {n} answers of the AI helper for {price} from the wallet.",
            number,
            price=price,
        )
    else:
        text = t.words.ngettext(
            "Bought: {n} answer of the AI helper for {price}, paid in Telegram.",
            "Bought: {n} answers of the AI helper for {price}, paid in Telegram.",
            number,
            price=price,
        )
    rest = t.words._("Bought answers do not expire. Those of the trial and the subscription are used first.")
    return f"{text}\n{rest}", _ask(t)


@says(assistant.CHANGED)
def _changed(t: Telling) -> Message:
    change = int(t.facts["change"])
    if change > 0:
        text = t.words.ngettext(
            "Support gave you {n} answer of the AI helper.", "Support gave you {n} answers of the AI helper.", change
        )
    else:
        text = t.words.ngettext(
            "Support took back {n} answer of the AI helper.", "Support took back {n} answers of the AI helper.", -change
        )
    left = t.words._("Left of those bought or given: {count}.", count=t.words.number(int(t.facts["credits"])))
    return f"{text}\n{left}", _ask(t)


@says(assistant.WITHDRAWN)
def _withdrawn(t: Telling) -> Message:
    text = t.words.ngettext(
        "The payment for a pack of the AI helper was taken back, and with it {n} unused answer.",
        "The payment for a pack of the AI helper was taken back, and with it {n} unused answers.",
        int(t.facts["credits"]),
    )
    return text, _ask(t)


def _ask(t: Telling) -> Keyboard:
    return ((keyboards.go(t.words._("AI helper"), "ask"), keyboards.menu(t.words)),)
