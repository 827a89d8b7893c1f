"""What operators decide in the chat."""

from __future__ import annotations

from starbid.domain.audit_trail import Decision, decided
from webhook.conversation import Conversation

IN_CHAT = "decided in the chat"
"""The reason on record of what says why by itself: a button that was pressed and confirmed, an answer to a person."""


def decision(chat: Conversation, reason: str = IN_CHAT) -> Decision:
    """What the operator decides by this update, once. Raises NotYours for everybody else, Invalid for the reason."""
    return decided(chat.app.operators.operator(chat.person.id), reason, chat.turn, chat.now)
