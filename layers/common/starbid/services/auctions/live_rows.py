"""Rows of the catalogue that are of live lots: the projection may be seconds behind the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from starbid.services.pauses import PauseNews
from starbid.services.ports import Catalogue, Listing, Page, Search

MOST_PAGES = 4
"""Of the catalogue, for one answer."""


class LiveRows:
    """Reads on where pages hold little of what is looked for."""

    def __init__(self, catalogue: Catalogue, news: PauseNews) -> None:
        self._catalogue, self._news = catalogue, news

    def read(self, search: Search, now: datetime, enough: int, pages: int = MOST_PAGES) -> Page[Listing]:
        """As the catalogue has them, until there are `enough`, of so many `pages` at most. Their ends are those before
        a pause that is not yet written to the lots (`Listing.under`).
        """
        found: list[Listing] = []
        history = self._news.history(now)
        for _ in range(pages):
            page = self._catalogue.find(replace(search, begun_by=now))
            found += (row for row in page.items if _is_live(row.under(history), now))
            if page.cursor is None or len(found) >= enough:
                break
            search = replace(search, cursor=page.cursor)
        return Page(tuple(found), page.cursor)


def _is_live(row: Listing, now: datetime) -> bool:
    return row.clock(now) < row.ends_at
