"""The event log, as use cases see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

from starbid.domain.event_log import LogEntry, LogKind
from starbid.services.ports.pages import Page


class EventLog(Protocol):
    """What happened, for 400 days. Rows are added, never changed."""

    def keep(self, entries: Iterable[LogEntry], now: datetime) -> None:
        """Adds those that are not there yet, and counts them (`Figures`) in the same transaction, so it is safe to
        repeat. An entry of one id always has the same moment.

        Some may have been written where it raises; then all are to be given again. Raises Contended or Unavailable.
        """

    def between(self, first: datetime, end: datetime) -> Iterator[LogEntry]:
        """All from `first` on and before `end`, the oldest first. Consistent."""

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
        """Newest first, from `since` on and before `until`; a moment behind. What is older than 400 days is not there.

        It asks a bounded number of times, so a short page, even an empty one, may have a cursor. Raises Invalid for a
        cursor that is none.
        """

    def count(self, since: datetime | None, until: datetime, most: int) -> int:
        """How many there are of all, the expired ones too; it stops counting where it is more than `most`."""
