"""Fillers: any number of lots and people, copied from the rows that real ones left in every table.

A filler is a lot with a bid, its seller's and bidder's wallet, charge, transfer and event. Fillers differ only in what
the indexes sort by, so equal pages have the same size among few and among many.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bench.market import SELLER, START, Market
from starbid.services.auctions.browsing import listing_of
from starbid.services.recording import of_bid
from starbid.storage.catalogue.listings import ROWS_A_SHARD
from starbid.storage.codec import Wire, WireValue
from starbid.storage.rows import ms, shard, shards

LIMIT = 24
"""Lots on a page of a list."""
RARE_TITLE = "Настольная ваза 1970-х, латунь и стекло"
RARE_WORD = "ваза"
ONE_IN = 6
"""Every sixth lot of a shard has the rare word."""
FIRST_PERSON = 8_000_000_000
_TOKENS = {
    "ends_at": "ends",
    "due_at": "ends",
    "created_at": "made",
    "price": "amount",
    "bids_count": "amount",
}
_LOT_TABLES = ("auctions", "listings")
_SPREAD = re.compile("month|slot|kind_slot|.*shard")
"""Attributes that end in the number of a partition."""


@dataclass(frozen=True)
class Pattern:
    """What one filler is in each table, as DynamoDB's JSON with gaps."""

    rows: tuple[tuple[str, str], ...]

    def of(self, table: str) -> list[str]:
        return [text for name, text in self.rows if name == table]


def standing() -> int:
    """How many lots fill what one page of a list reads, and its second page. With fewer a page costs less."""
    return len(shards("live")) * (ROWS_A_SHARD + LIMIT)


def patterns(market: Market) -> tuple[Pattern, Pattern]:
    """An ordinary filler and one with the rare word, from an otherwise empty market."""
    ordinary = _pattern(market)
    return ordinary, _pattern(market, title=RARE_TITLE)


def tables(both: tuple[Pattern, Pattern]) -> list[str]:
    return sorted({name for name, _ in both[0].rows})


def lines(both: tuple[Pattern, Pattern], table: str, count: int) -> Iterator[str]:
    """The rows of `count` fillers in a table."""
    ordinary, rare = both[0].of(table), both[1].of(table)
    for number, gaps in enumerate(_gaps(count)):
        is_rare = number // len(shards("live")) % ONE_IN == 0
        for text in rare if is_rare else ordinary:
            yield text % gaps
    if table == "finds":
        yield from _counted_words(count)


def _counted_words(count: int) -> Iterator[str]:
    """A word of its own for each filler, as `storage/catalogue/tally.py` counts those of the listed lots."""
    for number in range(count):
        word = f"ла{number:07}па"
        for term, ref in ((f"live#{word[0]}", word), (f"live-end#{word[-1]}", word[::-1])):
            yield json.dumps({"term": {"S": term}, "ref": {"S": ref}, "lots": {"N": "1"}}, ensure_ascii=False)


def _gaps(count: int) -> Iterator[Mapping[str, object]]:
    for number, name in enumerate(_names(count)):
        odd = number * 10 + 7  # ends in 7: a number that ends in zeros is shorter in DynamoDB
        yield {
            "lot": name,
            "seller": FIRST_PERSON + odd,
            "bidder": FIRST_PERSON + (number + 1) % count * 10 + 7,
            "n": shard("live", name)[-1],
            "ends": ms(START) + 3_600_004 + odd * 100,
            "made": ms(START) - 86_400_000 - odd,
            "came": ms(START) - 3_600_000 - odd,
            "amount": 1_000_000 + odd,
        }


def _names(count: int) -> Iterator[str]:
    """Names whose shards alternate: shards differ by one row at most."""
    ready: dict[str, deque[str]] = {name: deque() for name in shards("live")}
    order, tried = list(ready), 0
    for number in range(count):
        wanted = ready[order[number % len(order)]]
        while not wanted:
            name = f"filler{tried:07}"
            ready[shard("live", name)].append(name)
            tried += 1
        yield wanted.popleft()


def _pattern(market: Market, **fields: object) -> Pattern:
    """The rows of a new lot with one bid, and of its bidder."""
    lot, bidder = market.lot(**fields), market.person()
    placed = market.bidding.bid(lot.auction.id, bidder, 2000, market.now(), confirmed=True)
    market.event_log.keep([of_bid(placed.bid)], market.now())  # what is known of the bidder for the figures
    market.finds.keep_person(bidder)
    market.finds.keep_lot(lot.auction.id, lot.card.title)
    shown = market.store.lot(lot.auction.id, consistent=True)
    market.catalogue.put(listing_of(shown, market.now()), shown.card.description)
    names = {lot.auction.id: "lot", str(bidder): "bidder", str(SELLER): "seller"}
    store, found = market.store, []
    for table, name in store.tables.items():
        about = store.client.describe_table(TableName=name)["Table"]
        keys = [key["AttributeName"] for key in about["KeySchema"]]
        items = store.client.scan(TableName=name)["Items"]
        own = [item for item in items if any(_is_of((lot.auction.id, str(bidder)), item[key]) for key in keys)]
        found += [(table, _with_gaps(item, table, names)) for item in own]
    return Pattern(tuple(found))


def _is_of(ids: tuple[str, ...], key: WireValue) -> bool:
    return any(name in str(value) for name in ids for value in key.values())


def _with_gaps(item: Wire, table: str, names: Mapping[str, str]) -> str:
    changed = {name: dict(value) for name, value in item.items()}
    if table in _LOT_TABLES:
        for name, token in _TOKENS.items():
            if name in changed:
                changed[name] = {"N": f"@{token}@"}
    for name, value in changed.items():
        if _SPREAD.fullmatch(name):
            value["S"] = f"{str(value['S']).rpartition('#')[0]}#@n@"
    if "order" in changed:  # behind all that comes later, in lists by time
        changed["order"]["S"] = f"@came@#{str(changed['order']['S']).partition('#')[2]}"
    if "joined_at" in changed:
        changed["joined_at"] = {"N": "@came@"}
    text = json.dumps(changed, ensure_ascii=False).replace("%", "%%")
    for own, token in names.items():
        text = text.replace(own, f"@{token}@")
    return re.sub(r"@(\w+)@", r"%(\1)s", text)
