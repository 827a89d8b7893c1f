"""Stands in for DynamoDB's client, and counts the write units that each partition gets in each second."""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bench.meter import KB, size_of
from local.template import Table

TRANSACTION = 2
"""What a write costs in a transaction, in units; an index costs one in any case."""
MEASURED_ONE_IN = 64
"""Sizes are measured for every n-th item of a kind; the largest counts for all, because they differ in numbers only."""
REWRITTEN = ("auctions", "listings")
"""Tables with indexes whose rows are rewritten: what an index does depends on the previous row."""
_SECOND, _UNITS = 17, 6
"""Bits of a second of the day, and of the units of one write."""

Wire = Mapping[str, Mapping[str, Any]]


@dataclass
class Writes:
    """Of one table or index: partitions by key, and each write as a number of partition, second and units."""

    partitions: dict[str, int] = field(default_factory=dict)
    written: array[int] = field(default_factory=lambda: array("Q"))

    def add(self, partition: str, second: int, units: int) -> None:
        number = self.partitions.setdefault(partition, len(self.partitions))
        self.written.append((number << _SECOND | second) << _UNITS | units)

    def merge(self, other: Writes) -> None:
        """Add another counter, whose partitions may have other numbers."""
        numbers = [self.partitions.setdefault(key, len(self.partitions)) for key in other.partitions]
        rest = (1 << _SECOND + _UNITS) - 1
        self.written.extend(
            numbers[write >> _SECOND + _UNITS] << _SECOND + _UNITS | write & rest for write in other.written
        )

    def worst_seconds(self) -> list[int]:
        """The most units that each partition got in one second, the hottest partition first."""
        worst = [0] * len(self.partitions)
        moment, units = -1, 0
        for write in sorted(self.written):
            if write >> _UNITS != moment:
                moment, units = write >> _UNITS, 0
            units += write & (1 << _UNITS) - 1
            partition = moment >> _SECOND
            worst[partition] = max(worst[partition], units)
        return sorted(worst, reverse=True)


class Recorder:
    """Accepts what the adapters write, in `second` of the day. None counts nothing and stores everything."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self.second: int | None = None
        self.found: dict[str, Writes] = defaultdict(Writes)
        self._keys = {name: _names(table.create) for name, table in tables.items()}
        self._indexes = {name: list(_indexes(name, table.create)) for name, table in tables.items()}
        self._rows: dict[tuple[str, ...], Wire] = {}
        self._sizes: dict[str, int] = defaultdict(lambda: 1)
        self._seen: dict[str, int] = defaultdict(int)

    def transact_write_items(self, TransactItems: Iterable[Mapping[str, Any]], **_: Any) -> None:  # noqa: N803
        for item in TransactItems:
            (action,) = item.values()
            self._write(action["TableName"], action, TRANSACTION)

    def put_item(self, TableName: str, **action: Any) -> None:  # noqa: N803
        self._write(TableName, action, 1)

    def delete_item(self, TableName: str, **action: Any) -> None:  # noqa: N803
        self._write(TableName, action, 1)

    def get_item(self, **_: Any) -> Wire:
        """Nothing is found: reads are not counted here."""
        return {}

    def _write(self, table: str, action: Mapping[str, Any], factor: int) -> None:
        item: Wire = action.get("Item") or {}
        key: Wire = item or action["Key"]
        self._count(table, _text(key[self._keys[table][0]]), factor * self._units(table, item))
        if item and self._indexes[table]:
            self._index(table, item)

    def _index(self, table: str, item: Wire) -> None:
        before: Wire = {}
        if table in REWRITTEN:
            key = (table, *(_text(item[name]) for name in self._keys[table]))
            before, self._rows[key] = self._rows.get(key, {}), item
        for index in self._indexes[table]:
            left, entered = index.entry(before), index.entry(item)
            if left == entered:  # it keeps its key, and is written once if an included attribute has changed
                left = None
                if index.projected(before) == index.projected(item):
                    continue
            for entry in (left, entered):  # an entry whose key changes is taken out and put in
                if entry:
                    self._count(index.name, _text(entry[0]), self._units(index.name, index.projected(item)))

    def _units(self, kind: str, item: Wire) -> int:
        if self._seen[kind] % MEASURED_ONE_IN == 0:
            self._sizes[kind] = max(self._sizes[kind], math.ceil(size_of(item) / KB))
        self._seen[kind] += 1
        return self._sizes[kind]

    def _count(self, group: str, partition: str, units: int) -> None:
        if self.second is not None:
            self.found[group].add(partition, self.second, units)


@dataclass(frozen=True)
class _Index:
    """`included` are the attributes in it, None for all."""

    name: str
    keys: tuple[str, ...]
    included: frozenset[str] | None

    def entry(self, item: Wire) -> tuple[Any, ...] | None:
        """The item's key in it, None if it is not in it."""
        found = tuple(item.get(name) for name in self.keys)
        return None if None in found else found

    def projected(self, item: Wire) -> Wire:
        if self.included is None:
            return item
        return {name: value for name, value in item.items() if name in self.included}


def _names(keyed: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(part["AttributeName"] for part in keyed["KeySchema"])


def _indexes(table: str, create: Mapping[str, Any]) -> Iterator[_Index]:
    for index in create.get("GlobalSecondaryIndexes", ()):
        projection = index["Projection"]
        some = {*_names(create), *_names(index), *projection.get("NonKeyAttributes", ())}
        included = None if projection["ProjectionType"] == "ALL" else frozenset(some)
        yield _Index(f"{table}.{index['IndexName']}", _names(index), included)


def _text(value: Mapping[str, Any]) -> str:
    (content,) = value.values()
    return str(content)
