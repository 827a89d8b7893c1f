"""Saved searches, in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from starbid.domain.saved_searches import SavedSearch


class FakeSearches:
    """Implements `ports.Searches`. `reads` are the places that were read."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, str], SavedSearch] = {}
        self.reads: list[str] = []

    def put(self, search: SavedSearch) -> None:
        self._kept.setdefault((search.user_id, search.id), search)

    def tell(self, search: SavedSearch) -> None:
        there = self._kept.get((search.user_id, search.id))
        if there:
            self._kept[search.user_id, search.id] = replace(there, tells=search.tells)

    def drop(self, search: SavedSearch) -> None:
        self._kept.pop((search.user_id, search.id), None)

    def of(self, user_id: int) -> list[SavedSearch]:
        mine = (search for search in self._kept.values() if search.user_id == user_id)
        return sorted(mine, key=lambda search: (search.saved_at, search.id))

    def used(self, places: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(set(places) & {search.filed for search in self._kept.values() if search.tells}))

    def filed(self, place: str, after: str, limit: int) -> tuple[tuple[SavedSearch, ...], str | None]:
        self.reads.append(place)
        filed = (search for search in self._kept.values() if search.filed == place and search.tells)
        there = {f"{search.id}#{search.user_id}": search for search in filed}
        refs = sorted(ref for ref in there if ref > after)
        return tuple(there[ref] for ref in refs[:limit]), refs[limit - 1] if len(refs) > limit else None
