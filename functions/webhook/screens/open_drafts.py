"""Lots that a person has begun to fill in, and the way on with each."""

from __future__ import annotations

from starbid.services.ports import SellDraft
from starbid.telegram.html import cut, inner_quotes, one_line
from starbid.telegram.keyboards import Button, Row
from webhook.conversation import Conversation

OFFERED = 3
"""Drafts below an answer that is about something else; /sell has them all."""


def draft_button(chat: Conversation, draft: SellDraft) -> Button:
    """Goes on with a draft."""
    named = cut(one_line(draft.fields.get("title", "")), 40)
    title = inner_quotes(named, chat.words) or chat.words._("without a title")
    return Button(chat.words._("Continue “{title}”", title=title), f"sl:o:{draft.id}")


def going_on(chat: Conversation) -> list[Row]:
    """The newest drafts, for one whose words or photo may have been meant for one of them: a draft is kept for weeks,
    while its question waits for a day.
    """
    return [(draft_button(chat, draft),) for draft in chat.app.drafts.all(chat.person.id, chat.now)[:OFFERED]]
