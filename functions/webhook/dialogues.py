"""What the bot has asked a person for and waits to be told. One question a person at a time."""

from __future__ import annotations

from typing import Any

from webhook.talk import Talk

PATIENCE_SECONDS = 3600


def ask(talk: Talk, question: str, **facts: str | int) -> None:
    """The person's next text answers `question`."""
    talk.app.scratch.put(_key(talk), {"question": question, **facts}, PATIENCE_SECONDS, talk.now)


def pending(talk: Talk) -> dict[str, Any] | None:
    """The question that waits for an answer, with its facts."""
    state = talk.app.scratch.get(_key(talk), talk.now)
    return state if state and state.get("question") else None


def leave(talk: Talk) -> bool:
    """Wait no longer; True where something was waited for."""
    if pending(talk) is None:
        return False
    talk.app.scratch.put(_key(talk), {}, 1, talk.now)
    return True


def asked_on(talk: Talk) -> int:
    """The message whose button was pressed; 0 where there is none."""
    return (talk.pressed.message_id if talk.pressed else None) or 0


def _key(talk: Talk) -> str:
    return f"conv#{talk.person.id}"
