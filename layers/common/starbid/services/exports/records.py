"""Exports as records of the desk: one each, in one list; people's own stand in no list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starbid.domain.exports import LISTED_FOR, Export, FileFormat, State, What, Wish, Written
from starbid.services.ports import DeskRow

GROUP, LIST = "export", "exports"
_OWN = "own-"


def own_id(user_id: int) -> str:
    """Of the one file that a person may have of their own data."""
    return f"{_OWN}{user_id}"


def row_of(export: Export) -> DeskRow:
    wish, written = export.wish, export.written
    facts = {
        "by": export.by,
        "what": wish.what.value,
        "format": wish.file_format.value,
        "since": _text(wish.since),
        "until": _text(wish.until),
        "bom": wish.bom,
        "asked_at": _text(export.asked_at),
        "state": export.state.value,
        "total": export.total,
        "lines": export.lines,
        "things": export.things,
        "size": export.size,
        "held_until": _text(export.held_until),
        "holder": export.holder,
        "ended_at": _text(export.ended_at),
        "written": {
            "cursor": written.cursor,
            "upload": written.upload,
            "parts": [dict(part) for part in written.parts],
            "lines": written.lines,
            "things": written.things,
            "is_whole": written.is_whole,
        },
    }
    kept = {name: value for name, value in facts.items() if value is not None}
    listed = None if wish.what is What.OWN_DATA else (LIST, export.asked_at)
    return DeskRow(GROUP, export.id, kept, export.version, listed, expires_at=export.asked_at + LISTED_FOR)


def export_of(row: DeskRow) -> Export:
    facts = row.facts
    until, asked_at = _moment(facts["until"]), _moment(facts["asked_at"])
    assert until
    assert asked_at
    wish = Wish(What(facts["what"]), FileFormat(facts["format"]), _moment(facts.get("since")), until, facts["bom"])
    return Export(
        id=row.member,
        by=facts["by"],
        wish=wish,
        asked_at=asked_at,
        state=State(facts["state"]),
        total=facts.get("total"),
        lines=facts["lines"],
        things=facts["things"],
        size=facts["size"],
        written=_written(facts["written"]),
        held_until=_moment(facts.get("held_until")),
        holder=facts["holder"],
        ended_at=_moment(facts.get("ended_at")),
        version=row.version,
    )


def _written(facts: Mapping[str, Any]) -> Written:
    return Written(**{**facts, "parts": tuple(facts["parts"])})


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
