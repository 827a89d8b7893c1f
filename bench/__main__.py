"""`python -m bench`: measure all, print the table, write results.json, draw charts. Exits 1 if a promise is broken."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import chat, cold, exports, growth, packages, paint, partitions, report, savings, warm
from bench.cases import CASES, Case
from bench.crowd import part as crowd
from bench.market import AWS, Market, open_market
from bench.meter import Meter, Reading, size_of
from starbid.storage.codec import encode
from starbid.storage.rows import auction_item, bid_item

RESULTS = Path(__file__).with_name("results.json")
CHARTS = cold.ROOT / "docs" / "charts"
COLUMNS = f"{'':36}{'round trips':>12}{'write units':>13}{'of indexes':>12}{'read units':>12}"


def main() -> int:
    """The exit status. Named parts are measured alone; the other results stay."""
    named = sys.argv[1:]
    if unknown := set(named) - PARTS.keys():
        print(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    failed: list[str] = []
    results: dict[str, Any] = json.loads(RESULTS.read_text()) if named else {}
    for name in named or PARTS:
        results |= PARTS[name](failed)
        RESULTS.write_text(json.dumps(results, indent=2) + "\n")  # a part that fails does not stop the others
    for line in report.lines(results):
        print(line)
    report.draw(results, CHARTS)
    for line in failed:
        print(line, file=sys.stderr)
    return 1 if failed else 0


def _cases(failed: list[str]) -> dict[str, Any]:
    with growth.empty_market() as market:
        return counts(market, Meter(market.store.client), failed)


def _growth(failed: list[str]) -> dict[str, Any]:
    found = growth.measure()
    failed += growth.grown(found["costs"])
    return {"growth": found}


def _cold(_: list[str]) -> dict[str, Any]:
    with open_market() as market:
        starts = cold.measure(market, market.environment | AWS | here())
    return {"cold_start": {name: start.as_json() for name, start in starts.items()}}


def _warm(_: list[str]) -> dict[str, Any]:
    with open_market(models=cold.LAYER / "aws_models") as market:
        return {"warm": warm.compare(market)}


def _chat(_: list[str]) -> dict[str, Any]:
    with growth.empty_market() as market:
        return {"chat": chat.measure(market)}


def _savings(_: list[str]) -> dict[str, Any]:
    with open_market(models=cold.LAYER / "aws_models") as market:
        starts = savings.cold_starts(market, market.environment | AWS | here())
        return {"savings": {"cold_start": starts, "calls": savings.calls(market)}}


def _packages(_: list[str]) -> dict[str, Any]:
    return {"packages": packages.measure()}


def _partitions(failed: list[str]) -> dict[str, Any]:
    found = partitions.simulate()
    failed += partitions.too_hot(found)
    return {"partitions": found}


def _crowd(failed: list[str]) -> dict[str, Any]:
    found = crowd.measure()
    failed += crowd.broken(found)
    return {"crowd": found}


def _exports(_: list[str]) -> dict[str, Any]:
    return {"exports": exports.measure()}


def _paint(failed: list[str]) -> dict[str, Any]:
    found = paint.measure()
    failed += paint.shifted(found)
    return {"paint": found}


PARTS: dict[str, Callable[[list[str]], dict[str, Any]]] = {
    "cases": _cases,
    "cold": _cold,
    "warm": _warm,
    "chat": _chat,
    "savings": _savings,
    "packages": _packages,
    "growth": _growth,
    "partitions": _partitions,
    "crowd": _crowd,
    "exports": _exports,
    "paint": _paint,
}
"""By name: what each adds to the results. Broken promises are added to the list."""


def here() -> dict[str, str]:
    """The emulator's address, for another process."""
    return {"AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"]}


def counts(market: Market, meter: Meter, failed: list[str]) -> dict[str, Any]:
    """Every case, printed as it comes; broken promises are added to `failed`."""
    print(COLUMNS)
    readings = {}
    for case in CASES:
        readings[case.name] = reading = measured(case, market, meter)
        failed += broken(case, reading)
        print(_line(case, reading, marked=bool(broken(case, reading))))
    sizes = _sizes(market)
    computed = sorted(set().union(*(reading.computed for reading in readings.values())))
    print(f"\nWrite units are those of base tables; computed where the emulator reports none: {', '.join(computed)}.")
    print("Bytes of an item, 1024 to a write unit: " + ", ".join(f"{name} {size}" for name, size in sizes.items()))
    return {"cases": {name: reading.as_json() for name, reading in readings.items()}, "bytes": sizes}


def measured(case: Case, market: Market, meter: Meter) -> Reading:
    """The cost of a case's act, without its preparation."""
    act = case.prepare(market)
    with meter.measure() as reading:
        act()
    return reading


def broken(case: Case, reading: Reading) -> list[str]:
    """The promises of a case that its measurement breaks."""
    promises = (
        ("round trips", reading.round_trips, case.most_trips),
        ("write units", reading.write_units, case.most_writes),
    )
    return [
        f"{case.name}: {got:g} {what}, promised {most:g}"
        for what, got, most in promises
        if most is not None and got > most
    ]


def _line(case: Case, reading: Reading, *, marked: bool) -> str:
    numbers = (reading.round_trips, reading.write_units, reading.index_write_units, reading.read_units)
    trips, writes, indexes, reads = (f"{number:g}" for number in numbers)
    return f"{case.name:36}{trips:>12}{writes:>13}{indexes:>12}{reads:>12}{'  !' if marked else ''}"


def _sizes(market: Market) -> dict[str, int]:
    """How big the rows of the hot path are, with large numbers in them."""
    lot = market.lot(reserve_price=900_000_000, buy_now_price=990_000_000, bid_step=1_000_000, start_price=800_000_000)
    market.bidding.bid(
        lot.auction.id, bidder := market.person(stars=950_000_000), 900_000_000, market.now(), confirmed=True
    )
    auction = market.store.auction(lot.auction.id, consistent=True)
    (row,) = market.store.bids(lot.auction.id).items
    assert row.bidder_id == bidder
    return {"state of an auction": size_of(encode(auction_item(auction))), "bid": size_of(encode(bid_item(row)))}


if __name__ == "__main__":
    sys.exit(main())
