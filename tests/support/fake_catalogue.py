"""The in-memory catalogue: over the fake store's listings, with the real one's understanding of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starbid.services.ports import Listing, Page, Search
from starbid.storage.catalogue.terms import index_terms, query_terms

from .memory_lists import SORTS, fits, page_of

if TYPE_CHECKING:
    from .memory_store import FakeStore


class FakeCatalogue:
    """Its round trips are counted by the store, whose `lag` hides what was put."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store
        self.terms: dict[str, frozenset[str]] = {}
        self.outdated: set[str] = set()
        """What tests say was indexed by an older version."""

    def find(self, search: Search) -> Page[Listing]:
        asked = set(query_terms(search.text))
        if search.text and not asked:
            return Page(())

        def wanted(row: Listing) -> bool:
            return fits(row, search) and asked <= self.terms[row.auction_id]

        return page_of(self._store._all("listings", wanted), SORTS[search.sort], search.limit, search.cursor)

    def put(self, listing: Listing, description: str) -> None:
        self._store.trips.append("put_listing")
        rows = self._store.tables.listings
        there = rows.get(listing.auction_id)
        if there is None or there.version <= listing.version:
            rows[listing.auction_id] = listing
            self.terms[listing.auction_id] = index_terms(listing.title, description)
            self.outdated.discard(listing.auction_id)

    def asked(self, text: str) -> tuple[str, ...]:
        return query_terms(text)

    def words(self, auction_id: str) -> frozenset[str]:
        there = self._store.tables.listings.get(auction_id)
        return self.terms[auction_id] if there and there.status in ("live", "scheduled") else frozenset()

    def stale(self, limit: int) -> list[str]:
        return sorted(self.outdated)[:limit]
