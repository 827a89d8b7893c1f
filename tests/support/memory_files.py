"""Files that sellers hand over, in memory: in the tables of the store, where its units keep them, and their copies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from starbid.domain.delivered_files import MAX_FILES, DeliveredFile
from starbid.services.ports import FilePlace

from .failing import Failing
from .memory_store import FakeStore
from .memory_tables import KeptFiles


class FakeDealFiles:
    """Implements `ports.DealFiles`. Its calls are among the store's `trips`."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store

    def of(self, auction_id: str, now: datetime) -> tuple[DeliveredFile, ...]:
        with self._store.held("files") as tables:
            kept = tables.files.get(auction_id, KeptFiles())
        return kept.files if kept.until is None or now < kept.until else ()

    def known(self, auction_id: str) -> tuple[DeliveredFile, ...]:
        with self._store.held("files") as tables:
            return tables.files.get(auction_id, KeptFiles()).files

    def due(self, now: datetime, limit: int) -> list[str]:
        with self._store.held("files due") as tables:
            return [lot for lot, kept in tables.files.items() if kept.until and kept.until <= now][:limit]

    def erase(self, auction_id: str, now: datetime) -> None:
        with self._store.held("erase files") as tables:
            kept = tables.files.get(auction_id)
            if kept and kept.until and kept.until <= now:
                tables.files[auction_id] = KeptFiles()


class FakeCopies(Failing):
    """Implements `ports.FileCopies`; `kept` by lot and place. A link names what it leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, FilePlace], bytes] = {}

    def link(self, auction_id: str, place: FilePlace, saved_as: str) -> str | None:
        with self._deed():
            there = (auction_id, place) in self.kept
        return f"https://files.example/{auction_id}/{place}?as={saved_as}" if there else None

    def keep(self, auction_id: str, place: FilePlace, data: bytes) -> None:
        with self._deed():
            self.kept[auction_id, place] = data

    def load(self, auction_id: str, place: FilePlace) -> bytes | None:
        with self._deed():
            return self.kept.get((auction_id, place))

    def erase(self, auction_id: str, uploads: Sequence[str]) -> None:
        gone = {(auction_id, place) for place in (*range(1, MAX_FILES + 1), *uploads)}
        with self._deed():
            self.kept = {key: data for key, data in self.kept.items() if key not in gone}
