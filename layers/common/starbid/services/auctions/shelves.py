"""What the front page shows everybody, beside the list: what is new, and how many lots there are of each sort. It is
read once in a while and not for each page.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from starbid.services.auctions.browsing import Browsing
from starbid.services.ports import Listing, LotWords, Search

KEPT = timedelta(seconds=15)
"""As the lists are seconds behind anyway, a shelf may be so too."""


class Shelves:
    """One per process; safe for threads, as what is kept is replaced as a whole."""

    def __init__(self, browsing: Browsing, words: LotWords) -> None:
        self._browsing, self._words = browsing, words
        self._sorts: tuple[datetime, Mapping[str, int]] | None = None
        self._kept: tuple[datetime, int, tuple[Listing, ...]] | None = None

    def newest(self, count: int, now: datetime) -> tuple[Listing, ...]:
        """Up to so many live lots, the newest first."""
        kept = self._kept
        if kept is None or kept[1] != count or not _is_fresh(kept[0], now):
            page = self._browsing.live(Search(sort="newest", limit=count), now)
            kept = self._kept = (now, count, page.items)
        return tuple(row for row in kept[2] if row.clock(now) < row.ends_at)

    def sorts(self, now: datetime) -> Mapping[str, int]:
        """How many lots are live by `category#…`, `kind#…` and `currency#…`."""
        kept = self._sorts
        if kept is None or not _is_fresh(kept[0], now):
            kept = self._sorts = (now, self._words.sorts())
        return kept[1]


def _is_fresh(read_at: datetime, now: datetime) -> bool:
    return timedelta(0) <= now - read_at < KEPT
