"""The event log in memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from starbid.domain.analytics.counting import count, people_in
from starbid.domain.errors import Invalid
from starbid.domain.event_log import KEPT_FOR, LogEntry, LogKind
from starbid.services.ports import Page

from .memory_figures import FakeFigures
from .memory_lists import ms, page_of


class FakeEventLog:
    """Implements `ports.EventLog`."""

    def __init__(self, figures: FakeFigures) -> None:
        self.entries: dict[tuple[int, str], LogEntry] = {}
        self._figures = figures

    def keep(self, entries: Iterable[LogEntry], now: datetime) -> None:
        new = {(ms(entry.at), entry.id): entry for entry in entries}
        new = {place: entry for place, entry in new.items() if place not in self.entries}
        self._figures.add(count(new.values(), self._figures.known(people_in(new.values()))))
        self.entries |= new

    def between(self, first: datetime, end: datetime) -> Iterator[LogEntry]:
        places = sorted(place for place in self.entries if ms(first) <= place[0] < ms(end))
        return iter([self.entries[place] for place in places])

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

    def count(self, since: datetime | None, until: datetime, most: int) -> int:
        found = [entry for entry in self.entries.values() if (since is None or since <= entry.at) and entry.at < until]
        return min(len(found), most + 1)


def _is_cursor(cursor: str) -> bool:
    try:
        return isinstance(json.loads(cursor), list)
    except ValueError:
        return False
