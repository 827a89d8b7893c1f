"""Refusals in the chat: what is the matter, and the way out of it."""

from __future__ import annotations

from starbid.domain.errors import InDebt, InsufficientFunds, NotFound, StarbidError, SubscriptionRequired
from starbid.domain.money import Money
from starbid.telegram import keyboards
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Row
from starbid.wording import refusal
from webhook.conversation import Conversation


def refuse(chat: Conversation, error: StarbidError, *rows: Row) -> None:
    """A short answer to a press where that is enough, a message with buttons where there is a way out.

    `rows` come below the way out.
    """
    text = refusal(error, chat.words)
    way_out = _way_out(chat, error)
    if chat.pressed and not way_out:
        chat.toast(text, alert=True)
    else:
        chat.say(escape(text), *way_out, *rows)


def _way_out(chat: Conversation, error: StarbidError) -> tuple[Row, ...]:
    words = chat.words
    match error:
        case InsufficientFunds():
            return _purchase(chat, error.missing)
        case InDebt():
            return _purchase(chat, error.owed)
        case SubscriptionRequired():
            return ((keyboards.go(words._("Subscribe"), "subscribe"),),)
        case NotFound():
            return ((keyboards.go(words._("Live lots"), "auctions"),),)
        case _:
            return ()


def _purchase(chat: Conversation, missing: Money) -> tuple[Row, ...]:
    amount = chat.app.settings.business.purchase_of(missing)
    if amount is None:
        return ()
    return ((keyboards.stars(chat.words._("Top up {amount}", amount=chat.words.money(amount)), amount),),)
