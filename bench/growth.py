"""What a page and a bid cost among a hundred lots and people, and among many: round trips, read units, bytes read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bench.cases import change_of_leader, list_page, lot_page, too_low
from bench.market import Market
from bench.meter import Meter
from starbid.services.browsing import listing_of
from starbid.storage.codec import encode
from starbid.storage.event_rows import listing_item
from starbid.storage.rows import auction_item, card_item

SIZES = (100, 10_000)
CASES = {
    "list page": list_page,
    "lot page": lot_page,
    "accepted bid": change_of_leader,
    "refused bid": too_low,
}
BATCH = 25
Row = dict[str, float]


def measure(market: Market, meter: Meter, sizes: tuple[int, ...] = SIZES) -> dict[str, dict[str, Row]]:
    """By size, by case."""
    found: dict[str, dict[str, Row]] = {}
    there = 0
    for size in sizes:
        fill(market, there, size)
        there = size
        found[str(size)] = {}
        for name, prepare in CASES.items():
            act = prepare(market)
            with meter.measure() as reading:
                act()
            row = {"round_trips": reading.round_trips, "read_units": reading.read_units, "bytes": reading.bytes_read}
            found[str(size)][name] = row
    return found


def fill(market: Market, first: int, last: int) -> None:
    """Lots (their state, words and place in the lists) and people, numbered from `first` to before `last`."""
    client, tables = market.store.client, market.store.tables  # type: ignore[attr-defined]
    lot, person = market.lot(), market.store.person(market.person(stars=0))
    assert person
    row = client.get_item(TableName=tables["users"], Key={"user_id": {"N": str(person.id)}})["Item"]
    listing = listing_of(lot, market.now())
    for start in range(first, last, BATCH):
        requests: dict[str, list[dict[str, Any]]] = {tables[name]: [] for name in ("users", "listings")}
        parts: list[dict[str, Any]] = []
        for number in range(start, min(start + BATCH, last)):
            name = f"filler{number:07}"
            later = replace(lot.auction, id=name), replace(lot.card, auction_id=name)
            parts += [_put(encode(auction_item(later[0]))), _put(encode(card_item(later[1])))]
            requests[tables["listings"]].append(_put(encode(listing_item(replace(listing, auction_id=name)))))
            requests[tables["users"]].append(_put(row | {"user_id": {"N": str(9_000_000_000 + number)}}))
        for table, items in requests.items():
            client.batch_write_item(RequestItems={table: items})
        for half in (parts[:BATCH], parts[BATCH:]):
            client.batch_write_item(RequestItems={tables["auctions"]: half})


def _put(item: dict[str, Any]) -> dict[str, Any]:
    return {"PutRequest": {"Item": item}}
