"""`python -m bench`: measure all, print the table, write results.json, draw charts; 1 where a promise is broken."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from bench import cold, growth, packages, partitions, report, warm
from bench.cases import CASES, Case
from bench.market import AWS, Market, open_market
from bench.meter import Meter, Reading, size_of
from starbid.storage.codec import encode
from starbid.storage.rows import auction_item, bid_item

RESULTS = Path(__file__).with_name("results.json")
CHARTS = cold.ROOT / "docs" / "charts"
COLUMNS = f"{'':36}{'round trips':>12}{'write units':>13}{'of indexes':>12}{'read units':>12}"


def main() -> int:
    """The exit status."""
    failed: list[str] = []
    results: dict[str, Any] = {}
    with open_market() as market:
        meter = Meter(market.store.client)  # type: ignore[attr-defined]
        results |= counts(market, meter, failed)
        results["growth"] = growth.measure(market, meter)
    with open_market() as market:
        results["cold_start"] = {
            name: start.as_json() for name, start in cold.measure(market, market.environment | AWS | here()).items()
        }
    with open_market(models=cold.LAYER / "aws_models") as market:
        results["warm"] = {"starbid": warm.measure(market), "yardstick": warm.yardstick()}
    results["packages"] = packages.measure()
    results["partitions"] = partitions.simulate()
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    for line in report.lines(results):
        print(line)
    report.draw(results, CHARTS)
    for line in failed:
        print(line, file=sys.stderr)
    return 1 if failed else 0


def here() -> dict[str, str]:
    """Where the emulator is, for another process."""
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
    print(f"\nWrite units are those of base tables; reckoned where the emulator tells none: {', '.join(computed)}.")
    print("Bytes of an item, 1024 to a write unit: " + ", ".join(f"{name} {size}" for name, size in sizes.items()))
    return {"cases": {name: reading.as_json() for name, reading in readings.items()}, "bytes": sizes}


def measured(case: Case, market: Market, meter: Meter) -> Reading:
    """What the act of a case costs, without its preparation."""
    act = case.prepare(market)
    with meter.measure() as reading:
        act()
    return reading


def broken(case: Case, reading: Reading) -> list[str]:
    """The promises of a case that its reading breaks."""
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
    market.bidding.bid(lot.auction.id, bidder := market.person(stars=950_000_000), 900_000_000, market.now())
    auction = market.store.auction(lot.auction.id, consistent=True)
    (row,) = market.store.bids(lot.auction.id).items
    assert row.bidder_id == bidder
    return {"state of an auction": size_of(encode(auction_item(auction))), "bid": size_of(encode(bid_item(row)))}


if __name__ == "__main__":
    sys.exit(main())
