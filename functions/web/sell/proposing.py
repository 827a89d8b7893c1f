"""What the AI helper has proposed for a lot, in the form where the person edits it. Nothing is published by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starbid.domain.assistant.question import is_question_id
from web.kernel.exceptions import NoSuchPage
from web.kernel.http import Request

_FIELDS = ("title", "description", "category", "start_price")


@dataclass(frozen=True)
class Proposed:
    """The form holds a proposal. `kept_at`: of the person's own draft, which it does not show."""

    kept_at: datetime | None


def proposed_fields(request: Request, person_id: int, asked_id: str) -> dict[str, str]:
    """Of one of the person's own questions. Raises NoSuchPage where it has no proposal, NotFound."""
    if not is_question_id(asked_id):
        raise NoSuchPage
    question, _ = request.app.asking.question(person_id, asked_id)
    if question.suggested is None:
        raise NoSuchPage
    return {name: question.suggested.get(name, "") for name in _FIELDS}
