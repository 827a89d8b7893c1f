"""What pages, commands and bids cost among a hundred lots and people, and among many: that must not grow."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import bulk, fillers
from bench.bulk import Rows
from bench.market import Market, market_at, open_market, template_of_the_bench
from bench.meter import Meter
from bench.visits import scene, visits
from local.resources import create_tables

SIZES = (100, 10_000, 100_000)
MOST_OF_THE_EMULATOR = 10_000
"""Filling it with more would take minutes."""
WIDTHS = 0.005
"""The part of the bytes that may differ: numbers that end in zeros are shorter."""
BATCH = 25


@dataclass(frozen=True)
class Cost:
    """Units as DynamoDB bills them, writes with their indexes; `bytes` are those of the returned items."""

    round_trips: int
    read_units: float
    write_units: float
    bytes: int


Found = dict[str, dict[str, Cost]]
"""By size, by visit."""


def measure() -> dict[str, Any]:
    """The costs by size, where they were measured, and the number of lots before the fillers."""
    sizes = SIZES if bulk.is_there() else tuple(size for size in SIZES if size <= MOST_OF_THE_EMULATOR)
    if sizes != SIZES:
        print(f"No {bulk.PROGRAM.name} for this platform: growth up to {max(sizes)} lots only.", file=sys.stderr)
    found = {str(size): {name: asdict(cost) for name, cost in _among(size).items()} for size in sizes}
    return {"database": "dynoxide" if bulk.is_there() else "ministack", "standing": fillers.standing(), "costs": found}


def grown(costs: dict[str, dict[str, dict[str, float]]]) -> list[str]:
    """What costs more, or less, among many than among few, as sentences."""
    (few, least), *others = costs.items()
    return [
        f"{name}: {what} {least[name][what]:g} among {few} lots, {there[name][what]:g} among {many}"
        for many, there in others
        for name in least
        for what in least[name]
        if not _is_equal(what, least[name][what], there[name][what])
    ]


def _is_equal(what: str, first: float, second: float) -> bool:
    return abs(first - second) <= (WIDTHS * first if what == "bytes" else 0)


def _among(size: int) -> dict[str, Cost]:
    with _filled(size + fillers.standing()) as market, scene(market) as here:
        meter = Meter(market.store.client)
        costs = {}
        for name, prepare in visits().items():
            act = prepare(here)
            with meter.measure() as reading:
                act()
            writes = reading.write_units + reading.index_write_units
            costs[name] = Cost(reading.round_trips, reading.read_units, writes, reading.bytes_read)
    return costs


@contextmanager
def empty_market() -> Iterator[Market]:
    """A market over the most exact database available here."""
    if not bulk.is_there():
        with open_market() as market:
            yield market
        return
    template = template_of_the_bench()
    with bulk.database(template) as endpoint, market_at(endpoint, template) as market:
        yield market


@contextmanager
def _filled(count: int) -> Iterator[Market]:
    """A market with this many fillers."""
    template = template_of_the_bench()
    with TemporaryDirectory() as folder:
        rows = Rows(Path(folder))
        if not bulk.is_there():
            with open_market() as market:
                _write(rows, market, count)
                _load(rows, market)
                yield market
            return
        with empty_market() as market:
            _write(rows, market, count)
        with bulk.database(template, rows) as endpoint, market_at(endpoint, template) as market:
            create_tables(market.store.client, template)  # those that got no row
            yield market


def _write(rows: Rows, market: Market, count: int) -> None:
    both = fillers.patterns(market)
    for table in fillers.tables(both):
        rows.write(market.store.tables[table], fillers.lines(both, table, count))


def _load(rows: Rows, market: Market) -> None:
    """For the emulator, which takes 25 at a time."""
    for file in rows.folder.glob("*/data/*.gz"):
        table = file.parts[-3]
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            puts: list[Any] = [{"PutRequest": json.loads(line)} for line in lines]
        for start in range(0, len(puts), BATCH):
            market.store.client.batch_write_item(RequestItems={table: puts[start : start + BATCH]})
