"""What operators note about a person, for each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starbid.domain.audit_trail import Decision
from starbid.services.ports import Desk, DeskRow, Page


@dataclass(frozen=True, slots=True)
class Note:
    """`author_id` is an operator."""

    author_id: int
    at: datetime
    text: str


class Notes:
    """Written by `Moderation.note`, and never changed."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of(self, user_id: int, now: datetime, *, limit: int = 20, cursor: str | None = None) -> Page[Note]:
        """Newest first. Raises Invalid for a cursor of another list."""
        page = self._desk.rows(_group(user_id), now, limit=limit, cursor=cursor, backward=True)
        return Page(tuple(_note(row) for row in page.items), page.cursor)


def note_row(user_id: int, text: str, decision: Decision) -> DeskRow:
    """In order of time; once for a decision."""
    at = decision.at
    facts = {"author": decision.by.id, "at": at.isoformat(), "text": text}
    return DeskRow(_group(user_id), f"{int(at.timestamp() * 1000):013}#{decision.key}", facts)


def _group(user_id: int) -> str:
    return f"note#{user_id}"


def _note(row: DeskRow) -> Note:
    return Note(row.facts["author"], datetime.fromisoformat(row.facts["at"]), row.facts["text"])
