"""A store that hurts like DynamoDB: every call takes its time, transactions keep their items, partitions are throttled.

What is stored, and on which conditions, is the business of the in-memory store of the tests. What is asked of DynamoDB
for it is the business of our own adapter: its unit makes the items of each transaction, which are counted here.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, cast

from botocore.exceptions import ClientError

from bench.crowd.capacity import READS, WRITES, Charge, Partitions
from bench.crowd.virtual import VirtualTime
from bench.market import template_of_the_bench
from bench.meter import KB, size_of
from starbid.domain.auction import Auction, Bid
from starbid.services.ports import ConditionFailed, Contended, Page, Throttled
from starbid.storage.unit import DynamoUnit
from tests.support.memory_batch import MemoryBatch
from tests.support.memory_store import FakeStore
from tests.support.memory_tables import Tables
from tests.support.memory_unit import MemoryUnit

TRANSACTIONAL = 2
"""Each item of a transaction is written twice: to prepare and to commit it."""
READ_TRIES = 6
"""How often a throttled batch of reads is sent by our adapter."""
WRITE_PAUSES = (0.05, 1.0, 2.0)
"""At most: after each throttled try of a single write, by the short way and by botocore."""

T = TypeVar("T")
Key = tuple[str, ...]
"""Table, hash key and range key of an item."""


@dataclass(frozen=True)
class Hardship:
    """Times in seconds. docs/performance.md says where each comes from."""

    transaction: float = 0.010
    item: float = 0.000_3
    median_latency: float = 0.004
    tail_latency: float = 0.025
    """Of a call, without what a transaction keeps its items: one in two, and one in a hundred, takes longer."""
    cpu_call: float = 0.000_8
    cpu_write: float = 0.000_1
    cpu_read: float = 0.000_02
    """Of the function, before a call, and for each item that it writes or reads."""
    write_units: float = WRITES
    read_units: float = READS


DEFAULT = Hardship()


class HardStore(FakeStore):
    """Implements `ports.Store` over the tables of another one, for work that runs in virtual time."""

    def __init__(self, tables: Tables, time: VirtualTime, seed: int, hardship: Hardship = DEFAULT) -> None:
        super().__init__()
        self.tables, self.time, self.hardship = tables, time, hardship
        self.writes, self.reads = Partitions(hardship.write_units), Partitions(hardship.read_units)
        self.transactions = self.conflicts = 0
        self.history: dict[str, list[tuple[float, Auction]]] = {}
        """Of each lot: its states, and the second from which on each held."""
        self.kept: set[Key] = set()
        """The items of transactions that are under way."""
        self._dice = random.Random(seed)
        spread = math.log(hardship.tail_latency / hardship.median_latency) / 2.326
        self._lognormal = (math.log(hardship.median_latency), spread)

    def _latency(self, _: int) -> float:
        return self._dice.lognormvariate(*self._lognormal)

    def unit(self) -> MemoryUnit:
        return cast("MemoryUnit", HardUnit(self))

    def batch(self) -> HardBatch:
        return HardBatch(self)

    def fetch(self, batch: MemoryBatch) -> None:
        """A consistent read sees what is there in the middle of its call, another what was there at its beginning."""
        keys = cast("HardBatch", batch).keys
        early = {id(want): want.read(self.tables) for want in batch.wants if want.table not in batch.consistent}
        with self.call(reads=len(keys)):
            self.read([(partition_of(key), 1 if key[0] in batch.consistent else 0.5) for key in keys])
            for want in batch.wants:
                want.found.fill(early[id(want)] if id(want) in early else want.read(self.tables))

    def bids(
        self,
        auction_id: str,
        *,
        limit: int = 50,
        cursor: str | None = None,
        below: int | None = None,
        consistent: bool = False,
    ) -> Page[Bid]:
        """The same as the in-memory store's, without looking at every bid of a crowd."""
        assert cursor is None
        rows, last = self._read("bids", consistent).bids, self.tables.auctions[auction_id].bids_count
        numbers = range(last if below is None else min(last, below - 1), 0, -1)[:limit]
        return Page(tuple(rows[auction_id, number] for number in numbers))

    def _read(self, name: str, consistent: bool = True) -> Tables:
        """Other reads are few: a unit each, of no partition in particular."""
        with self.call(reads=1):
            self.read([(f"{name}/-", 1 if consistent else 0.5)])
        return self.tables

    @contextmanager
    def call(self, writes: int = 0, reads: int = 0, rounds: Sequence[int] = (1,)) -> Iterator[None]:
        """Of so many items; the store does its part in the middle.

        `rounds` are the round trips of threads that call beside each other: the slowest counts, and the CPU of all.
        """
        hard, latency = self.hardship, max(sum(map(self._latency, range(number))) for number in rounds)
        cpu = hard.cpu_call * sum(rounds) + hard.cpu_write * writes + hard.cpu_read * reads
        self.time.sleep(cpu + latency / 2)
        try:
            yield
        except Exception:
            self.time.sleep(latency / 2)
            raise
        self.time.sleep(latency / 2)

    def read(self, charges: Sequence[Charge]) -> None:
        """Within a call. A throttled read is sent again after a pause. Raises Throttled."""
        for number in range(READ_TRIES):
            if not self.reads.take(charges, self.time.elapsed()):
                return
            self.time.sleep(self._dice.uniform(0, 0.02 * 2 ** (number + 1)))
        raise Throttled("throttled")

    def write(self, key: Key, deed: Callable[[], T]) -> T:
        """A write of one item of up to a kilobyte, alone. Raises Contended, and what `deed` does."""
        with self.call(writes=1):
            for longest in WRITE_PAUSES:
                if not self.writes.take([(partition_of(key), 1)], self.time.elapsed()):
                    break
                self.time.sleep(self._dice.uniform(0, longest))
            else:
                raise Contended
            if key in self.kept:
                self.conflicts += 1
                raise Contended
            return deed()

    def transact(self, unit: MemoryUnit, items: Sequence[Mapping[str, Any]]) -> None:
        """What DynamoDB does with a transaction. One that fails costs as much; one that is throttled costs nothing."""
        actions = [next(iter(item.values())) for item in items]
        keys = [_key_of(action) for action in actions]
        charges = [(partition_of(key), _units(action)) for key, action in zip(keys, actions, strict=True)]
        self.transactions += 1
        with self.call(writes=len(items)):
            if hot := self.writes.take(charges, self.time.elapsed()):
                raise _cancelled("ThrottlingError", [partition_of(key) in hot for key in keys])
            if not self.kept.isdisjoint(keys):
                self.conflicts += 1
                raise _cancelled("TransactionConflict", [key in self.kept for key in keys])
            if refusals := [refusal for check in unit.checks if (refusal := check(self.tables))]:
                raise ConditionFailed(tuple(refusals))
            self._commit(unit, keys)

    def _commit(self, unit: MemoryUnit, keys: Sequence[Key]) -> None:
        """Nobody else writes the items until it is done, and nobody sees it before."""
        self.kept.update(keys)
        self.time.sleep(self.hardship.transaction + self.hardship.item * len(keys))
        self.kept.difference_update(keys)
        for write in unit.writes:
            write(self.tables)
        for _, auction_id, *part in (key for key in keys if key[0] == "auctions"):
            if part == ["state"]:
                self.history.setdefault(auction_id, []).append((self.time.elapsed(), self.tables.auctions[auction_id]))


class HardBatch(MemoryBatch):
    """Says what it reads: `keys` of items as the tables have them."""

    @property
    def keys(self) -> list[Key]:
        return [tuple(str(part) for part in item) for item in self._items]


class HardUnit:
    """A unit of the in-memory store, and beside it that of our adapter, which makes the items of the transaction.

    To the adapter it is DynamoDB's client.
    """

    def __init__(self, store: HardStore) -> None:
        self._store, self._memory = store, MemoryUnit(store)
        self._adapter = DynamoUnit(cast("Any", self), {name: name for name in _tables()})

    def __getattr__(self, verb: str) -> Callable[..., None]:
        def both(*given: Any, **named: Any) -> None:
            getattr(self._memory, verb)(*given, **named)
            getattr(self._adapter, verb)(*given, **named)

        return both

    def commit(self) -> None:
        """Raises what the adapter makes of the store's answer."""
        self._adapter.commit()

    def transact_write_items(self, TransactItems: Sequence[Mapping[str, Any]], **_: Any) -> None:  # noqa: N803
        self._store.transact(self._memory, TransactItems)


def partition_of(key: Key) -> str:
    return f"{key[0]}/{key[1]}"


@cache
def _tables() -> dict[str, tuple[str, ...]]:
    """By the names that the code has for them: the template's tables with the attributes of their keys."""
    tables = template_of_the_bench().tables.values()
    return {
        table.id.removesuffix("Table").lower(): tuple(part["AttributeName"] for part in table.create["KeySchema"])
        for table in tables
    }


def _key_of(action: Mapping[str, Any]) -> Key:
    table = action["TableName"]
    given = action.get("Item") or action["Key"]
    return (table, *(str(next(iter(given[name].values()))) for name in _tables()[table]))


def _units(action: Mapping[str, Any]) -> int:
    """An item that is updated or looked at is taken to be one of up to a kilobyte."""
    return TRANSACTIONAL * math.ceil(size_of(action.get("Item", {"": {"S": "-"}})) / KB)


def _cancelled(code: str, to_blame: Sequence[bool]) -> ClientError:
    reasons = [{"Code": code if blamed else "None"} for blamed in to_blame]
    error = {"Error": {"Code": "TransactionCanceledException", "Message": code}, "CancellationReasons": reasons}
    return ClientError(cast("Any", error), "TransactWriteItems")
