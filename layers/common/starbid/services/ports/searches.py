"""The searches that people have saved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from starbid.domain.saved_searches import SavedSearch


class Searches(Protocol):
    """By person, and by the place where each is filed."""

    def put(self, search: SavedSearch) -> None:
        """Nothing changes where the person has it. Raises Contended."""

    def tell(self, search: SavedSearch) -> None:
        """`tells` becomes what it is in this one. Nothing changes where it is so, or where the person does not have the
        search. Raises Contended.
        """

    def drop(self, search: SavedSearch) -> None:
        """Nothing changes where the person does not have it. Raises Contended."""

    def of(self, user_id: int) -> list[SavedSearch]:
        """All of a person's, the oldest first; consistent."""

    def used(self, places: Iterable[str]) -> tuple[str, ...]:
        """Those of the places in which any are filed. Batches of reads, however many searches there are."""

    def filed(self, place: str, after: str, limit: int) -> tuple[tuple[SavedSearch, ...], str | None]:
        """Those of a place behind a mark (empty: from the first on), so many at most; and the mark to go on from, None
        at the end.
        """
