"""A page of the index `due`: the shards of a list merged, what is due first in front."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starbid.storage.codec import Item, Wire, decode
from starbid.storage.reading import Reader, read_cursors, write_cursor

_PLACE = ("auction_id", "part", "due_shard", "due_at")


def by_due(
    reader: Reader, table: str, shards: Sequence[str], limit: int, cursor: str | None
) -> tuple[list[Item], str | None]:
    """Keys, and the cursor of the next page: where each shard goes on, None for one that is used up.

    Raises Invalid for a cursor that is none of ours.
    """
    starts: dict[str, Any] = read_cursors(cursor) if cursor else {}
    read = {shard: _read(reader, table, shard, limit, starts) for shard in shards if starts.get(shard, {}) is not None}
    every = [(int(item["due_at"]["N"]), item["auction_id"]["S"], shard) for shard in read for item in read[shard][0]]
    taken = [shard for _, _, shard in sorted(every)[:limit]]
    counts = {shard: taken.count(shard) for shard in read}
    found = [item for shard, (items, _) in read.items() for item in items[: counts[shard]]]
    found.sort(key=lambda item: (int(item["due_at"]["N"]), item["auction_id"]["S"]))
    places: dict[str, Any] = dict.fromkeys(shards)
    for shard, (items, last) in read.items():
        if counts[shard] < len(items):
            places[shard] = _place(items[counts[shard] - 1]) if counts[shard] else starts.get(shard, {})
        elif last:
            places[shard] = _place(items[-1]) if items else last
    is_over = all(place is None for place in places.values())
    return [decode(item) for item in found], None if is_over else write_cursor(places)


def _read(reader: Reader, table: str, shard: str, limit: int, starts: dict[str, Any]) -> tuple[list[Wire], Wire | None]:
    options = {"ExclusiveStartKey": starts[shard]} if starts.get(shard) else {}
    return reader.query_wire(table, {"due_shard": shard}, index="due", Limit=limit, **options)


def _place(item: Wire) -> Wire:
    return {name: item[name] for name in _PLACE}
