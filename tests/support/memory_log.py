"""The event log in memory."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from starbid.domain.errors import Invalid
from starbid.domain.event_log import KEPT_FOR, LogEntry, LogKind
from starbid.services.ports import Page

from .memory_lists import ms, page_of


class FakeEventLog:
    """Implements `ports.EventLog`."""

    def __init__(self) -> None:
        self.entries: dict[tuple[int, str], LogEntry] = {}

    def keep(self, entries: Iterable[LogEntry]) -> None:
        for entry in entries:
            self.entries.setdefault((ms(entry.at), entry.id), entry)

    def page(
        self,
        now: datetime,
        *,
        kind: LogKind | None = None,
        user_id: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[LogEntry]:
        found = [
            entry
            for entry in self.entries.values()
            if now < entry.at + KEPT_FOR
            and kind in (None, entry.kind)
            and user_id in (None, entry.user_id)
            and (since is None or since <= entry.at)
            and (until is None or entry.at < until)
        ]
        ordered = sorted(found, key=lambda entry: (ms(entry.at), entry.id), reverse=True)
        places = {(ms(entry.at), entry.id): place for place, entry in enumerate(ordered)}
        if cursor is not None and not _is_cursor(cursor):
            raise Invalid("cursor", "choice")
        return page_of(ordered, lambda entry: (places[ms(entry.at), entry.id],), limit, cursor)


def _is_cursor(cursor: str) -> bool:
    try:
        return isinstance(json.loads(cursor), list)
    except ValueError:
        return False
