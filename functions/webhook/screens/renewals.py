"""Automatic renewal in Telegram: stopped from the chat, and allowed again. What a person cancelled in Telegram they
turn on again there: no bot can.
"""

from __future__ import annotations

from datetime import datetime

from starbid.domain.people import Person
from starbid.domain.renewals import Choice, choice, running
from starbid.i18n import Language
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Button, Row
from webhook import callback_data
from webhook.conversation import Conversation
from webhook.registry import screens


def renewal_rows(person: Person, words: Language, now: datetime) -> list[Row]:
    """What can be done about it now."""
    match choice(person.renewals, may_sell=person.may_sell(now)):
        case Choice.STOP:
            return [(Button(words._("Stop automatic renewal"), "rn:stop"),)]
        case Choice.ALLOW:
            return [(Button(words._("Allow automatic renewal again"), "rn:allow"),)]
        case None:
            return []


@screens.press("rn")
def press(chat: Conversation, args: list[str]) -> None:
    """`stop` asks back, `STOP` is sure, `allow`."""
    match args:
        case ["stop"]:
            _ask(chat)
        case ["STOP"]:
            _stop(chat)
        case ["allow"]:
            _allow(chat)
        case _:
            raise callback_data.Garbled


def _ask(chat: Conversation) -> None:
    words, until = chat.words, chat.person.subscribed_until
    if not running(chat.person.renewals):
        _conclude(chat, words._("Telegram renews no subscription of yours."))
        return
    text = (
        words._(
            "Stop automatic renewal?\nTelegram takes no further payment. You can sell until {moment}.",
            moment=words.moment(until),
        )
        if until
        else words._("Stop automatic renewal?\nTelegram takes no further payment.")
    )
    sure = Button(words._("Yes, stop it"), "rn:STOP")
    chat.show(text, (sure,), (keyboards.go(words._("Cancel"), "subscribe"),), back=False)


def _stop(chat: Conversation) -> None:
    person, words = chat.app.renewing.stop(chat.person.id), chat.words
    chat.acted = True
    text = words._("Automatic renewal is off. The days that are paid for stay.")
    if person.may_sell(chat.now) and person.subscribed_until:
        text = words._("Automatic renewal is off. You can sell until {moment}.",
                       moment=words.moment(person.subscribed_until))  # fmt: skip
    _conclude(chat, text)


def _allow(chat: Conversation) -> None:
    _, is_there = chat.app.renewing.allow(chat.person.id)
    chat.acted = True
    if is_there:
        _conclude(chat, chat.words._("You can turn it on again in Telegram now: Settings, My Stars."))
    else:
        _conclude(chat, chat.words._("This subscription has ended at Telegram. Begin a new one with a new link."))


def _conclude(chat: Conversation, text: str) -> None:
    chat.conclude(text, (keyboards.go(chat.words._("Subscription"), "subscribe"),))
