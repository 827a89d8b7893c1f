"""Progress of people in memory, as `starbid.services.ports.Achievements` says; and what units do with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from starbid.domain.achievements.progress import Progress
from starbid.services.ports import Refusal

from .memory_tables import Tables

if TYPE_CHECKING:
    from .memory_store import FakeStore


class FakeAchievements:
    """Over the tables of a FakeStore, so that units write the same rows. Its reads are among the store's `trips`."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store

    def of(self, user_id: int) -> Progress:
        with self._store.held("achievements") as tables:
            return tables.achievements.get(user_id) or Progress(user_id)

    def of_many(self, user_ids: Collection[int]) -> Mapping[int, Progress]:
        self._store.trips.append("achievements of many")
        seen = self._store.seen_late.achievements
        return {user_id: seen.get(user_id) or Progress(user_id) for user_id in user_ids}

    def save(self, progress: Progress) -> bool:
        with self._store._lock:
            if _refused(self._store.tables, progress):
                return False
            self._store.tables.achievements[progress.user_id] = progress
        return True


class AchievementVerbs:
    """A part of MemoryUnit."""

    checks: list[Callable[[Tables], Refusal | None]]
    writes: list[Callable[[Tables], None]]
    _touch: Callable[..., None]

    def save_progress(self, progress: Progress) -> None:
        self._touch("progress", progress.user_id)

        def check(tables: Tables) -> Refusal | None:
            there = tables.achievements.get(progress.user_id)
            return Refusal("progress", str(progress.user_id), there) if _refused(tables, progress) else None

        self.checks.append(check)
        self.writes.append(lambda tables: tables.achievements.__setitem__(progress.user_id, progress))


def _refused(tables: Tables, progress: Progress) -> bool:
    there = tables.achievements.get(progress.user_id)
    return (there.version if there else 0) != progress.version - 1
