"""The lists of live lots: a few shards, merged; a bounded number of rows is read for a page."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from starbid.services.ports import Listing, Page, Search
from starbid.storage import rows
from starbid.storage.catalogue.listing_rows import listing_from
from starbid.storage.catalogue.listing_writes import write_listing
from starbid.storage.catalogue.terms import FORMAT, index_terms, query_terms
from starbid.storage.clients import client
from starbid.storage.codec import Item, Wire, decode
from starbid.storage.reading import Reader, read_cursors, write_cursor

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SORTS = {
    "ending": ("by_ending", "ends_at", True),
    "newest": ("by_newest", "created_at", False),
    "price_asc": ("by_price", "price", True),
    "price_desc": ("by_price", "price", False),
    "bids": ("by_bids", "bids_count", False),
}
"""sort: (index, sort key, ascending)."""
ROWS_A_SHARD = 60
"""Rows read of one shard for one page, before the filters: what bounds the cost of a search."""
SPARE_ROWS = 12
"""Rows read beyond those that a page shows where nobody searches: for lots that are over or have not begun."""


@dataclass(slots=True)
class _Shard:
    """What was read of one shard: where it began (`{}`: at the front), matching rows in order, how far it went."""

    name: str
    start: Wire
    items: list[Wire]
    last: Wire | None
    taken: int = 0


class DynamoCatalogue(Reader):
    """Implements `ports.Catalogue`; one per process, thread-safe."""

    def __init__(self, tables: Mapping[str, str], dynamodb: DynamoDBClient | None = None) -> None:
        super().__init__(dynamodb or client("dynamodb"), tables)

    def find(self, search: Search) -> Page[Listing]:
        """A page may be short and still have a cursor: only a bounded number of rows is looked at."""
        terms = query_terms(search.text)
        if search.text and not terms:
            return Page(())
        index, sort_key, ascending = SORTS[search.sort]
        start = read_cursors(search.cursor) if search.cursor else {}
        names = [name for name in rows.shards("live") if start.get(name, {}) is not None]
        read = [
            self._read_shard(name, index, sort_key, ascending, search, terms, start.get(name) or {}) for name in names
        ]
        chosen = list(_merge(read, sort_key, ascending, search.limit))
        listings = (listing_from(decode(item)) for item in chosen)
        return Page(tuple(lot for lot in listings if _in_range(lot, search)), _next_cursor(read, sort_key))

    def put(self, listing: Listing, description: str) -> None:
        write_listing(self, listing, index_terms(listing.title, description))

    def asked(self, text: str) -> tuple[str, ...]:
        return query_terms(text)

    def words(self, auction_id: str) -> frozenset[str]:
        item = self.get("listings", {"auction_id": auction_id}, consistent=True)
        return frozenset(item.get("words", ())) if item and "shard" in item else frozenset()

    def stale(self, limit: int) -> list[str]:
        """All live lots are looked through: for operators, not for pages."""
        options = {
            "index": "by_newest",
            "names": {"#format": "format"},
            "values": {":format": FORMAT},
            "FilterExpression": "attribute_not_exists(#format) OR #format <> :format",
        }
        shards = (self.query_all("listings", {"shard": name}, **options) for name in rows.shards("live"))
        return [item["auction_id"] for item in islice(chain.from_iterable(shards), limit)]

    def _read_shard(
        self,
        name: str,
        index: str,
        sort_key: str,
        ascending: bool,
        search: Search,
        terms: Sequence[str],
        start: Wire,
    ) -> _Shard:
        filters, names, values = _filters(search, terms, sort_key)
        options: dict[str, Any] = {"names": names, "values": values}
        if filters:
            options["FilterExpression"] = " AND ".join(filters)
        if start:
            options["ExclusiveStartKey"] = start
        if sort_key == "price" and (search.min_price is not None or search.max_price is not None):
            options["and_key"] = " AND #price BETWEEN :min AND :max"
            names["#price"] = "price"
            values |= {":min": search.min_price or 0, ":max": search.max_price or 10**15}
        if sort_key == "ends_at" and (search.ends_from or search.ends_by):
            options["and_key"] = " AND #ends_at BETWEEN :ends_from AND :ends_by"
            names["#ends_at"] = "ends_at"
            values |= {":ends_from": _ms(search.ends_from, 0), ":ends_by": _ms(search.ends_by, 10**15)}
        items, last = self.query_wire(
            "listings", {"shard": name}, index=index, Limit=_rows_for(search), ScanIndexForward=ascending, **options
        )
        return _Shard(name, start, items, last)


def _rows_for(search: Search) -> int:
    """Rows to read of a shard. A search may have to pass over many."""
    searches = search.text or search.category or search.kind or search.currency or search.ends_by
    ranges = search.min_price is not None or search.max_price is not None
    return ROWS_A_SHARD if searches or ranges else min(search.limit + SPARE_ROWS, ROWS_A_SHARD)


def _filters(search: Search, terms: Sequence[str], sort_key: str) -> tuple[list[str], dict[str, str], Item]:
    wanted = {"category": search.category, "kind": search.kind, "currency": search.currency}
    filters = [f"#{name} = :{name}" for name, value in wanted.items() if value]
    names = {f"#{name}": name for name, value in wanted.items() if value}
    values: Item = {f":{name}": value for name, value in wanted.items() if value}
    if terms:
        names["#words"] = "words"
    if search.begun_by:
        names["#starts_at"] = "starts_at"
        filters.append("#starts_at <= :begun_by")
        values[":begun_by"] = rows.ms(search.begun_by)
    if search.ends_by and sort_key != "ends_at":  # which no filter may name
        names["#ends_at"] = "ends_at"
        values[":ends_by"] = rows.ms(search.ends_by)
        filters.append("#ends_at <= :ends_by")
    for number, word in enumerate(terms):
        filters.append(f"contains(#words, :word{number})")
        values[f":word{number}"] = word
    return filters, names, values


def _ms(moment: datetime | None, otherwise: int) -> int:
    return rows.ms(moment) if moment else otherwise


def _merge(read: list[_Shard], sort_key: str, ascending: bool, limit: int) -> Iterator[Wire]:
    """The first `limit` rows of all shards in order, as far as the order is known.

    Behind the last row read of a shard that goes on, rows of other shards would be out of turn: there the page ends.
    """
    sign = 1 if ascending else -1
    heap = [(sign * _place(shard.items[0], sort_key), number, 0) for number, shard in enumerate(read) if shard.items]
    heapq.heapify(heap)
    edges = [sign * _place(shard.last, sort_key) for shard in read if shard.last]
    edge = min(edges) if edges else None
    for _ in range(limit):
        if not heap or (edge is not None and heap[0][0] > edge):
            return
        _, number, place = heapq.heappop(heap)
        shard = read[number]
        shard.taken = place + 1
        yield shard.items[place]
        if place + 1 < len(shard.items):
            heapq.heappush(heap, (sign * _place(shard.items[place + 1], sort_key), number, place + 1))


def _place(item: Wire, sort_key: str) -> int:
    return int(item[sort_key]["N"])


def _next_cursor(read: list[_Shard], sort_key: str) -> str | None:
    """Where each shard goes on; None for a shard that is used up. No cursor where all are."""
    places: dict[str, Any] = dict.fromkeys(rows.shards("live"))
    for shard in read:
        if shard.taken < len(shard.items):
            places[shard.name] = _key_of(shard.items[shard.taken - 1], sort_key) if shard.taken else shard.start
        elif shard.last:
            places[shard.name] = shard.last
    if not any(place is not None for place in places.values()):
        return None
    return write_cursor(places)


def _key_of(item: Wire, sort_key: str) -> Wire:
    return {name: item[name] for name in ("auction_id", "shard", sort_key)}


def _in_range(lot: Listing, search: Search) -> bool:
    low = search.min_price is None or lot.price.amount >= search.min_price
    return low and (search.max_price is None or lot.price.amount <= search.max_price)
