"""What operators write to one person, in the chat."""

from __future__ import annotations

from starbid.services.notices import desk
from starbid.telegram import keyboards
from starbid.telegram.html import escape
from starbid.telegram.notices.telling import Message, Telling, says


@says(desk.OPERATOR_WROTE)
def _wrote(t: Telling) -> Message:
    """Their words as they typed them, under whose they are."""
    head = t.words._("A message from Starbid support:")
    return f"<b>{head}</b>\n{escape(str(t.facts['text']))}", ((keyboards.menu(t.words),),)
