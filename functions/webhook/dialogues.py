"""What the bot has asked a person for and waits to be told. One question a person at a time."""

from __future__ import annotations

from typing import Any

from webhook.talk import Talk

PATIENCE_SECONDS = 3600
_MEMBER = "question"


def place_of(person_id: int) -> tuple[str, str]:
    """Where the question to a person is kept: the group and the member, to be read along with the person."""
    return f"conv#{person_id}", _MEMBER


def ask(talk: Talk, question: str, **facts: str | int) -> None:
    """The person's next text answers `question`."""
    talk.question = {"question": question, **facts}
    talk.app.scratch.put_member(*place_of(talk.person.id), talk.question, PATIENCE_SECONDS, talk.now)


def pending(talk: Talk) -> dict[str, Any] | None:
    """The question that waits for an answer, with its facts."""
    return talk.question


def leave(talk: Talk) -> bool:
    """Wait no longer; True where something was waited for."""
    if talk.question is None:
        return False
    talk.question = None
    talk.app.scratch.drop_member(*place_of(talk.person.id))
    return True


def asked_on(talk: Talk) -> int:
    """The message whose button was pressed; 0 where there is none."""
    return (talk.pressed.message_id if talk.pressed else None) or 0
