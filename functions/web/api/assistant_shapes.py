"""What the API tells of the helper. Times ISO 8601 in UTC."""

from __future__ import annotations

from typing import Any

from starbid.domain.assistant.account import Account
from starbid.domain.assistant.question import Question, State
from starbid.services.assistant.asking import Left, Standing
from web.api.shapes import moment


def left(standing: Standing) -> dict[str, Any]:
    """What may still be asked."""
    return {"trial": _left(standing.trial), "quota": _left(standing.quota), "credits": standing.credits}


def queued(asked: Question) -> dict[str, str]:
    """A question that was taken a moment ago, however far it is by now."""
    return {"id": asked.id, "status": State.QUEUED.value}


def message(asked: Question, state: State) -> dict[str, Any]:
    """A question with its answer in Markdown, null until there is one: what grows is shown on pages and in the chat."""
    return {
        "id": asked.id,
        "status": state.value,
        "question": asked.text,
        "answer": asked.answer or None,
        "created_at": moment(asked.asked_at),
    }


def known_to_helper(account: Account, standing: Standing) -> dict[str, Any]:
    return {
        "consent": standing.consent,
        "consent_at": moment(account.consent_at) if account.consent_at else None,
        "credits": left(standing),
    }


def _left(part: Left | None) -> dict[str, Any] | None:
    return {"left": part.left, "until": moment(part.until)} if part else None
