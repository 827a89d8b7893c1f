"""Broadcasts among the records of the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starbid.domain.broadcasts import Broadcast, BroadcastState, Segment
from starbid.services.ports import Desk, DeskRow, Page
from starbid.storage.rows import at, ms

GROUP = "broadcasts"


class DeskBroadcasts:
    """Implements `ports.Broadcasts`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def find(self, broadcast_id: str, now: datetime) -> Broadcast | None:
        row = self._desk.row(GROUP, broadcast_id, now)
        return broadcast_from(row) if row else None

    def newest(self, now: datetime, *, limit: int = 20, cursor: str | None = None) -> Page[Broadcast]:
        page = self._desk.listed(GROUP, now, limit=limit, cursor=cursor)
        return Page(tuple(broadcast_from(row) for row in page.items), page.cursor)

    def save(self, broadcast: Broadcast) -> bool:
        return self._desk.save(self.row(broadcast))

    def row(self, broadcast: Broadcast) -> DeskRow:
        facts: dict[str, Any] = {
            "text": broadcast.text,
            "segment": broadcast.segment.value,
            "language": broadcast.language,
            "author": broadcast.author_id,
            "created_at": ms(broadcast.created_at),
            "state": broadcast.state.value,
            "counting": broadcast.is_counting,
            "counted": broadcast.counted,
            "place": broadcast.place,
            "sent": broadcast.sent,
            "missed": broadcast.missed,
            "started_at": ms(broadcast.started_at) if broadcast.started_at else None,
            "ended_at": ms(broadcast.ended_at) if broadcast.ended_at else None,
        }
        return DeskRow(GROUP, broadcast.id, facts, broadcast.version, listed=(GROUP, broadcast.created_at))


def broadcast_from(row: DeskRow) -> Broadcast:
    facts = row.facts
    return Broadcast(
        id=row.member,
        text=facts["text"],
        segment=Segment(facts["segment"]),
        language=facts["language"],
        author_id=facts["author"],
        created_at=at(facts["created_at"]),
        state=BroadcastState(facts["state"]),
        is_counting=facts["counting"],
        counted=facts["counted"],
        place=facts["place"],
        sent=facts["sent"],
        missed=facts["missed"],
        started_at=at(facts["started_at"]) if facts["started_at"] is not None else None,
        ended_at=at(facts["ended_at"]) if facts["ended_at"] is not None else None,
        version=row.version,
    )
