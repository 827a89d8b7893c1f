"""The lines of lots, in memory: in the tables of the store, where its units decide them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime

from starbid.domain.intents import Intent, Outcome
from starbid.services.ports import Contended, Line, Unavailable

from .failing import Failing
from .memory_batch import line_of
from .memory_store import FakeStore
from .memory_tables import Lease, Tables, Waiting


class FakeIntents(Failing):
    """Implements `ports.Intents`. Planted faults hit its writes; its calls are among the store's `trips`."""

    def __init__(self, store: FakeStore) -> None:
        super().__init__()
        self._store = store

    def take_lease(self, auction_id: str, holder: str, until: datetime, now: datetime) -> bool:
        with self._writing("take_lease") as tables:
            lease = tables.leases.get(auction_id)
            if lease and lease.until > now and lease.holder != holder:
                return False
            tables.leases[auction_id] = Lease(holder, until)
            return True

    def give_back_lease(self, auction_id: str, holder: str, now: datetime) -> None:
        with self._writing("give_back_lease") as tables:
            lease = tables.leases.get(auction_id)
            if lease and lease.holder == holder:
                tables.leases[auction_id] = Lease(holder, now)

    def add(self, intent: Intent) -> None:
        with self._writing("add") as tables:
            tables.intents.setdefault(intent.id, Waiting(intent))

    def waiting(self, auction_id: str, most: int) -> list[Intent]:
        with self._store.held("waiting") as tables:
            line = [each.intent for each in tables.intents.values() if each.is_undecided]
        return sorted((each for each in line if each.auction_id == auction_id), key=lambda each: each.order)[:most]

    def ask_waiting(self, auction_id: str, most: int) -> Callable[[], list[Intent]]:
        found = self.waiting(auction_id, most)
        return lambda: found

    def outcome_and_line(self, intent: Intent) -> tuple[Outcome | None, Line | None]:
        with self._store.held("outcome_and_line", consistent=False) as tables:
            return _outcome(tables, intent), line_of(tables, intent.auction_id)

    def withdraw(self, intent: Intent) -> Outcome | None:
        with self._writing("withdraw") as tables:
            there = tables.intents.get(intent.id)
            if there is None:
                raise Unavailable
            if there.outcome is None:
                tables.intents[intent.id] = replace(there, withdrawn=True)
        if there.outcome is None:
            self.drop(intent)
        return there.outcome

    def drop(self, intent: Intent) -> None:
        with suppress(Contended, Unavailable), self._writing("drop") as tables:
            tables.intents.pop(intent.id, None)

    @contextmanager
    def _writing(self, name: str) -> Iterator[Tables]:
        with self._deed(), self._store.held(name) as tables:
            yield tables


def _outcome(tables: Tables, intent: Intent) -> Outcome | None:
    there = tables.intents.get(intent.id)
    return there.outcome if there else None
