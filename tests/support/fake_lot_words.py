"""The words and sorts of the live lots, counted for each question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from starbid.storage.catalogue.listing_rows import FOUND
from starbid.storage.catalogue.tally import SORTS, places
from starbid.storage.catalogue.terms import words_of

if TYPE_CHECKING:
    from .memory_store import FakeStore


class FakeLotWords:
    """Implements `ports.LotWords` over the fake store's listings; its round trips are counted by the store."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store

    def words(self, text: str) -> tuple[str, ...]:
        return tuple(words_of(text))[:12]

    def beginning(self, letters: str, limit: int) -> Mapping[str, int]:
        return self._counts(f"live#{letters[:1]}", letters, limit)

    def ending(self, letters: str, limit: int) -> Mapping[str, int]:
        found = self._counts(f"live-end#{letters[-1:]}", letters[::-1], limit)
        return {word[::-1]: lots for word, lots in found.items()}

    def sorts(self) -> Mapping[str, int]:
        return self._counts(SORTS, "", 1000)

    def _counts(self, term: str, beginning: str, limit: int) -> dict[str, int]:
        self._store.trips.append("lot_words")
        live = (row for row in self._store.tables.listings.values() if row.status == FOUND)
        counts = Counter(ref for row in live for where, ref in places(row) if where == term)
        return {ref: counts[ref] for ref in sorted(ref for ref in counts if ref.startswith(beginning))[:limit]}
