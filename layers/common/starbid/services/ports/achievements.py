"""How far people have come with their achievements."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from starbid.domain.achievements.progress import Progress


class Achievements(Protocol):
    """A row for each person who has begun. What is earned is saved by a unit, with the event that tells it."""

    def of(self, user_id: int) -> Progress:
        """Consistent; version 0 where nothing is stored."""

    def of_many(self, user_ids: Collection[int]) -> Mapping[int, Progress]:
        """A moment behind; of all of them."""

    def save(self, progress: Progress) -> bool:
        """Its version is the next one. False where another one is there, and nothing was written. Raises Contended,
        Unavailable.
        """
