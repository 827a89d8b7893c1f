"""A broadcast in the chat, with the way to hear no more of them."""

from __future__ import annotations

from starbid.services.notices import broadcasts
from starbid.telegram import keyboards
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button
from starbid.telegram.notices.telling import Message, Telling, says


@says(broadcasts.BROADCAST)
def _broadcast(t: Telling) -> Message:
    no_more = Button(t.words._("No more news"), "news:0")
    return escape(str(t.facts["text"])), ((no_more, keyboards.menu(t.words)),)
