"""Refusals in the chat: what is the matter, and the way out of it."""

from __future__ import annotations

from starbid.domain.errors import NotFound, StarbidError, SubscriptionRequired
from starbid.domain.money import Money
from starbid.domain.unfinished import Act
from starbid.telegram import keyboards
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Row
from starbid.wording import refusal
from webhook.conversation import Conversation
from webhook.money_step import cost_of, missing_for, top_up_rows, with_note


def refuse(
    chat: Conversation, error: StarbidError, *rows: Row, act: Act | None = None, bound: Money | None = None
) -> None:
    """A short answer to a press where that is enough, a message with buttons where there is a way out.

    `rows` come below the way out. `act`: what was refused, to be done once the money for it is there; `bound` is held
    for it already.
    """
    missing = missing_for(error, cost_of(act, bound) if act else None)
    text = with_note(refusal(error, chat.words), missing, chat.app.settings.business, chat.words)
    way_out = _way_out(chat, error, act, missing)
    if chat.pressed and not way_out:
        chat.toast(text, alert=True)
    else:
        chat.say(escape(text), *way_out, *rows)


def _way_out(chat: Conversation, error: StarbidError, act: Act | None, missing: Money | None) -> tuple[Row, ...]:
    words = chat.words
    if missing:
        return top_up_rows(missing, act, chat.app.settings.business, words)
    match error:
        case SubscriptionRequired():
            return ((keyboards.go(words._("Subscribe"), "subscribe"),),)
        case NotFound():
            return ((keyboards.go(words._("Live lots"), "auctions"),),)
        case _:
            return ()
