"""Addresses of deals, in memory: in the tables of the store, where its units keep them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from starbid.domain.addresses import Address
from starbid.services.ports import TYPED_FOR

from .memory_store import FakeStore
from .memory_tables import KeptAddress


class FakeAddresses:
    """Implements `ports.Addresses`. Its calls are among the store's `trips`."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store

    def address(self, auction_id: str, now: datetime) -> Address | None:
        parts = self._parts(auction_id, now)
        return Address(**parts) if len(parts) == 3 else None

    def put_typed(self, auction_id: str, parts: Mapping[str, str], now: datetime) -> None:
        with self._store.held("put_typed") as tables:
            tables.addresses[_typed(auction_id)] = KeptAddress(dict(parts), now + TYPED_FOR)

    def typed(self, auction_id: str, now: datetime) -> dict[str, str]:
        return self._parts(_typed(auction_id), now)

    def drop_typed(self, auction_id: str) -> None:
        with self._store.held("drop_typed") as tables:
            tables.addresses.pop(_typed(auction_id), None)

    def due(self, now: datetime, limit: int) -> list[str]:
        with self._store.held("addresses due") as tables:
            return [name for name, kept in tables.addresses.items() if kept.until and kept.until <= now][:limit]

    def erase(self, name: str, now: datetime) -> None:
        with self._store.held("erase") as tables:
            kept = tables.addresses.get(name)
            if kept and kept.until and kept.until <= now:
                del tables.addresses[name]

    def _parts(self, name: str, now: datetime) -> dict[str, str]:
        with self._store.held("address") as tables:
            kept = tables.addresses.get(name)
        return dict(kept.parts) if kept and (kept.until is None or now < kept.until) else {}


def _typed(auction_id: str) -> str:
    return f"{auction_id}#typed"
