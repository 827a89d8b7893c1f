"""What is new, for the front page: the same for everybody, so it is read once in a while and not for each page."""

from __future__ import annotations

from datetime import datetime, timedelta

from starbid.services.auctions.browsing import Browsing
from starbid.services.ports import Listing, Search

KEPT = timedelta(seconds=15)
"""As the lists are seconds behind anyway, a shelf may be so too."""


class Shelves:
    """One per process; safe for threads, as what is kept is replaced as a whole."""

    def __init__(self, browsing: Browsing) -> None:
        self._browsing = browsing
        self._kept: tuple[datetime, int, tuple[Listing, ...]] | None = None

    def newest(self, count: int, now: datetime) -> tuple[Listing, ...]:
        """Up to so many live lots, the newest first."""
        kept = self._kept
        if kept is None or kept[1] != count or not timedelta(0) <= now - kept[0] < KEPT:
            page = self._browsing.live(Search(sort="newest", limit=count), now)
            kept = self._kept = (now, count, page.items)
        return tuple(row for row in kept[2] if row.clock(now) < row.ends_at)
