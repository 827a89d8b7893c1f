"""The lines of lots over the hard store: each call takes its time and its units, as our adapter makes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import cast

from bench.crowd.store import HardStore, Key, partition_of
from bench.meter import KB, size_of
from starbid.domain.intents import Intent, Outcome
from starbid.services.ports import Contended, Line
from starbid.storage import intent_rows
from starbid.storage.codec import encode
from tests.support.fake_intents import FakeIntents
from tests.support.memory_store import FakeStore
from tests.support.memory_tables import Tables, Waiting

TABLE = "intents"
READ_KB, EVENTUAL = 4, 0.5
"""Kilobytes of a unit of consistent reading, and the units of another read of one item."""
OUTCOME_BYTES = 40
"""What an outcome adds to an intent."""


class HardLines:
    """Implements `ports.Intents`."""

    def __init__(self, store: HardStore) -> None:
        self._store, self._lines = store, FakeIntents(cast("FakeStore", _AtOnce(store)))

    def take_lease(self, auction_id: str, holder: str, until: datetime, now: datetime) -> bool:
        take = self._lines.take_lease
        return self._store.write(_lease(auction_id), lambda: take(auction_id, holder, until, now))

    def give_back_lease(self, auction_id: str, holder: str, now: datetime) -> None:
        self._store.write(_lease(auction_id), lambda: self._lines.give_back_lease(auction_id, holder, now))

    def add(self, intent: Intent) -> None:
        self._store.write(_intent(intent), lambda: self._lines.add(intent))

    def waiting(self, auction_id: str, most: int) -> list[Intent]:
        """Four queries beside each other: they take as long as the one with the most pages, or with bad luck."""
        places: dict[str, list[Waiting]] = {place: [] for place in intent_rows.places(auction_id)}
        for row in self._store.tables.intents.values():
            if row.intent.auction_id == auction_id:
                places[_intent(row.intent)[1]].append(row)
        charges, rounds, items = [], [], 0
        for place, rows in places.items():
            pages = list(_pages(sorted(rows, key=lambda row: row.intent.order), most))
            charges += [(f"{TABLE}/{place}", _units(page)) for page in pages]
            rounds.append(len(pages))
            items += sum(map(len, pages))
        with self._store.call(reads=items, rounds=rounds):
            self._store.read(charges)
            return self._lines.waiting(auction_id, most)

    def ask_waiting(self, auction_id: str, most: int) -> Callable[[], list[Intent]]:
        return self._store.time.beside(lambda: self.waiting(auction_id, most))

    def outcome_and_line(self, intent: Intent) -> tuple[Outcome | None, Line | None]:
        keys = _intent(intent), _lease(intent.auction_id)
        with self._store.call(reads=2):
            self._store.read([(partition_of(key), EVENTUAL) for key in keys])
            return self._lines.outcome_and_line(intent)

    def withdraw(self, intent: Intent) -> Outcome | None:
        """Marked, then deleted."""
        outcome = self._store.write(_intent(intent), lambda: self._lines.withdraw(intent))
        if outcome is None:
            with suppress(Contended):
                self._store.write(_intent(intent), lambda: None)
        return outcome

    def drop(self, intent: Intent) -> None:
        with suppress(Contended):
            self._store.write(_intent(intent), lambda: self._lines.drop(intent))


class _AtOnce:
    """The tables for the lines of the tests, which then take no time of their own."""

    def __init__(self, store: HardStore) -> None:
        self._store = store

    @contextmanager
    def held(self, *_: object, **__: object) -> Iterator[Tables]:
        yield self._store.tables


def _lease(auction_id: str) -> Key:
    key = intent_rows.lease_key(auction_id)
    return TABLE, key["place"], key["id"]


def _intent(intent: Intent) -> Key:
    key = intent_rows.intent_key(intent)
    return TABLE, key["place"], key["id"]


def _pages(rows: list[Waiting], most: int) -> Iterator[list[Waiting]]:
    """As the adapter reads a place: pages of twice as many as are wanted, until enough of them are undecided."""
    read = found = 0
    while read == 0 or (read < len(rows) and found < most):
        page = rows[read : read + 2 * most]
        yield page
        read, found = read + 2 * most, found + sum(row.is_undecided for row in page)


def _units(page: list[Waiting]) -> float:
    """Decided ones are read like the others: a filter saves nothing."""
    size = len(page) * (size_of(encode(intent_rows.intent_item(page[0].intent))) + OUTCOME_BYTES) if page else 0
    return max(1, -(-size // (READ_KB * KB)))
