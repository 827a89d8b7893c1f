"""Lists of lots that a chat shows page by page: what is looked for, and the list as it was when paging began."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from starbid.domain.auction import Status
from starbid.domain.criteria import Looking
from starbid.services.auctions.browsing import Browsing
from starbid.services.ports import BrowsedList, BrowsedLists, Search
from starbid.services.views import LotView

SHOWN = 8
"""Lots of one page."""
FETCHED = 24
MOST = 240
"""Lots of one list that the chat pages through; the site has the rest."""


@dataclass(frozen=True, slots=True)
class Results:
    """A page, `number` from 0 on, of `pages`. `more`: others may follow, even where there is no lot here."""

    views: tuple[LotView, ...]
    number: int
    pages: int
    more: bool


class Paging:
    """The lists that people look through in the chat."""

    def __init__(self, browsing: Browsing, lists: BrowsedLists) -> None:
        self._browsing, self._lists = browsing, lists

    def first(self, looking: Looking, person_id: int, now: datetime) -> Results:
        """The first page as it is now. Nothing is kept for it, as most people look no further; but where a list of that
        is kept, it becomes what it is now, so that paging goes on from here.
        """
        known = self.present(person_id, now)
        if known and known.looking == looking:
            return self._page(self.fresh(looking, person_id, now), 0, person_id, now)
        found = self._browsing.found(search_of(looking, now), person_id, now, SHOWN)
        return Results(found.views, 0, _pages(found.count), found.more)

    def page(self, looking: Looking, number: int, person_id: int, now: datetime) -> Results:
        """A page of the list as it was when paging began, the last one where there are not so many."""
        browsed = self.list_of(looking, person_id, now)
        if len(browsed.ids) < (number + 1) * SHOWN and browsed.cursor:
            browsed = self.grown(browsed, person_id, now)
        return self._page(browsed, number, person_id, now)

    def _page(self, browsed: BrowsedList, number: int, person_id: int, now: datetime) -> Results:
        pages = _pages(len(browsed.ids))
        number = min(number, pages - 1)
        ids = browsed.ids[number * SHOWN : (number + 1) * SHOWN]
        return Results(self._browsing.shown(ids, person_id, now), number, pages, browsed.cursor is not None)

    def present(self, person_id: int, now: datetime) -> BrowsedList | None:
        """The list that the person pages through, for an hour after it grew."""
        return self._lists.find(person_id, now)

    def list_of(self, looking: Looking, person_id: int, now: datetime) -> BrowsedList:
        """The same where it is of that, a new one in its place otherwise."""
        known = self.present(person_id, now)
        return known if known and known.looking == looking else self.fresh(looking, person_id, now)

    def fresh(self, looking: Looking, person_id: int, now: datetime) -> BrowsedList:
        """A new list."""
        return self.grown(BrowsedList((), None, looking), person_id, now)

    def grown(self, known: BrowsedList, person_id: int, now: datetime) -> BrowsedList:
        """What is known stays where it is, so that ‹ and › lead where they led; a page more is added, where there is
        so much.
        """
        page = self._browsing.live(search_of(known.looking, now, known.cursor), now, SHOWN)
        found = [listing.auction_id for listing in page.items if Status(listing.status).is_open]
        ids = tuple(dict.fromkeys((*known.ids, *found)))[:MOST]
        return self._kept(replace(known, ids=ids, cursor=page.cursor if len(ids) < MOST else None), person_id, now)

    def without(self, known: BrowsedList, index: int, person_id: int, now: datetime) -> BrowsedList:
        """One that is there no more leaves the list, and the next takes its place."""
        return self._kept(replace(known, ids=(*known.ids[:index], *known.ids[index + 1 :])), person_id, now)

    def _kept(self, browsed: BrowsedList, person_id: int, now: datetime) -> BrowsedList:
        self._lists.keep(person_id, browsed, now)
        return browsed


def search_of(looking: Looking, now: datetime, cursor: str | None = None) -> Search:
    """A page of the catalogue."""
    criteria = looking.criteria
    return Search(
        text=criteria.text,
        category=criteria.category,
        kind=criteria.kind,
        currency=criteria.currency,
        min_price=criteria.min_price,
        max_price=criteria.max_price,
        sort=looking.sort,
        cursor=cursor,
        limit=FETCHED,
        ends_by=now + timedelta(hours=looking.within) if looking.within else None,
    )


def _pages(lots: int) -> int:
    return max(1, -(-lots // SHOWN))
