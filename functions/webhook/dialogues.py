"""What the bot has asked a person for and waits to be told. One question a person at a time."""

from __future__ import annotations

from typing import Any

from webhook.conversation import Conversation

PATIENCE_SECONDS = 3600
_MEMBER = "question"


def place_of(person_id: int) -> tuple[str, str]:
    """Where the question to a person is kept: the group and the member, to be read along with the person."""
    return f"conv#{person_id}", _MEMBER


def ask(chat: Conversation, question: str, **facts: str | int) -> None:
    """The person's next text answers `question`."""
    chat.question = {"question": question, **facts}
    chat.app.scratch.put_member(*place_of(chat.person.id), chat.question, PATIENCE_SECONDS, chat.now)


def pending(chat: Conversation) -> dict[str, Any] | None:
    """The question that waits for an answer, with its facts."""
    return chat.question


def leave(chat: Conversation) -> bool:
    """Wait no longer; True where something was waited for."""
    if chat.question is None:
        return False
    chat.question = None
    chat.app.scratch.drop_member(*place_of(chat.person.id))
    return True


def asked_on(chat: Conversation) -> int:
    """The message whose button was pressed; 0 where there is none."""
    return (chat.pressed.message_id if chat.pressed else None) or 0
