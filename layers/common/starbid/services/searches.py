"""Saved searches: a person's own, and the way from a new lot to all whose search it fits.

A lot looks for searches where they may be filed (`domain.saved_searches`), in batches, and a message goes out for each
place that has any; so what a lot costs does not grow with searches for other things. Each place is told in steps, as it
may hold thousands. A repeat tells nobody twice: of a lot a person has one notice, whatever step makes it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from starbid.domain.criteria import Criteria
from starbid.domain.errors import NotFound
from starbid.domain.lots import Lot, is_news
from starbid.domain.saved_searches import MOST, SavedSearch, SearchesFull, places_of, saved_search
from starbid.services.found_pace import FoundPace
from starbid.services.notices.found import FOUND
from starbid.services.ports import Catalogue, Outgoing, Searches, Store
from starbid.services.search_fit import fits

STEP = 25
"""Searches of one place that are looked at at once: few, so that a full step finds room among small ones."""


class SavedSearches:
    """A person's own."""

    def __init__(self, searches: Searches, catalogue: Catalogue) -> None:
        self._searches, self._catalogue = searches, catalogue

    def save(self, user_id: int, criteria: Criteria, now: datetime) -> SavedSearch:
        """Saved already, it stays as it was. Raises SearchTooWide, SearchesFull, Contended."""
        search = saved_search(user_id, criteria, self._catalogue.asked(criteria.text), now)
        known = {each.id: each for each in self._searches.of(user_id)}
        if search.id in known:
            return known[search.id]
        if len(known) >= MOST:
            raise SearchesFull(MOST)
        self._searches.put(search)
        return search

    def of(self, user_id: int) -> list[SavedSearch]:
        """The oldest first."""
        return self._searches.of(user_id)

    def one(self, user_id: int, search_id: str) -> SavedSearch:
        """Raises NotFound."""
        for search in self._searches.of(user_id):
            if search.id == search_id:
                return search
        raise NotFound

    def tell(self, user_id: int, search_id: str, *, on: bool) -> None:
        """Whether the person hears of new lots for it. Raises NotFound, Contended."""
        self._searches.tell(replace(self.one(user_id, search_id), tells=on))

    def drop(self, user_id: int, search_id: str) -> SavedSearch:
        """It is no longer theirs; lots that were found for it and not told are not told. Raises NotFound, Contended."""
        search = self.one(user_id, search_id)
        self._searches.drop(search)
        return search


class Announcing:
    """Tells of new lots those whose searches they fit."""

    def __init__(
        self, store: Store, catalogue: Catalogue, searches: Searches, outgoing: Outgoing, pace: FoundPace
    ) -> None:
        self._store, self._catalogue, self._searches, self._outgoing = store, catalogue, searches, outgoing
        self._pace = pace

    def announce(self, lot: Lot, now: datetime) -> None:
        """Of a lot that the lists have just got; a bounded number of reads and messages. Safe to repeat."""
        if lot.auction.hidden or not (words := self._catalogue.words(lot.auction.id)):
            return
        places = self._searches.used(places_of(words, lot.card.listed_in, lot.auction.terms.kind))
        if places and self._pace.admits(lot, now):
            self._outgoing.tell_finders(lot.auction.id, [(place, "") for place in places])

    def step(self, auction_id: str, place: str, after: str, now: datetime) -> None:
        """Tell those of a place behind a mark, so many at most, and have the others told. Safe to repeat.

        Raises Crowded where notices of new lots have to wait for others of them.
        """
        try:
            lot = self._store.lot(auction_id, consistent=True)
        except NotFound:
            return
        words = self._catalogue.words(auction_id)
        if not words or not is_news(lot, now):
            return
        filed, following = self._searches.filed(place, after, STEP)
        found = [search for search in filed if fits(search, lot, words, self._catalogue, now)]
        self._pace.require(len(found), now)
        self._outgoing.send(
            [FOUND.notice(f"lot:{auction_id}", search.user_id, auction_id, search=search.id) for search in found]
        )
        if following:
            self._outgoing.tell_finders(auction_id, [(place, following)])
