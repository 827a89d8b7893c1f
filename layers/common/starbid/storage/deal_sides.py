"""A page of a person's deals: the indexes of its two sides merged, what was sold last in front."""

from __future__ import annotations

from heapq import merge
from itertools import islice
from typing import Any

from starbid.domain.errors import Invalid
from starbid.storage.codec import Item, encode
from starbid.storage.reading import Reader, read_cursors, write_cursor

_SIDES = {"sold": "seller", "bought": "buyer"}
"""The attribute that each index has the person in."""


def deals_of(reader: Reader, user_id: int, limit: int, cursor: str | None) -> tuple[list[str], str | None]:
    """Ids of lots, and the cursor of the next page: where each side goes on, None for one that is used up.

    The person is not in the cursor. Raises Invalid for one that is none of ours.
    """
    starts: dict[str, Any] = read_cursors(cursor) if cursor else {side: {} for side in _SIDES}
    if starts.keys() != _SIDES.keys():
        raise Invalid("cursor", "choice")
    read = {side: _read(reader, side, user_id, limit, start) for side, start in starts.items() if start is not None}
    rows = ([(item["sold_at"], item["auction_id"], side) for item in items] for side, (items, _) in read.items())
    newest = list(islice(merge(*rows, key=lambda row: -row[0]), limit))
    places: dict[str, Any] = dict.fromkeys(_SIDES)
    for side, (items, goes_on) in read.items():
        count = sum(taken == side for _, _, taken in newest)
        if count < len(items) or goes_on:
            places[side] = _place(items[count - 1]) if count else starts[side]
    is_over = all(place is None for place in places.values())
    return [auction_id for _, auction_id, _ in newest], None if is_over else write_cursor(places)


def _read(reader: Reader, side: str, user_id: int, limit: int, start: Item) -> tuple[list[Item], bool]:
    """The keys of one side, and whether there are more."""
    person = {_SIDES[side]: user_id}
    options = {"ExclusiveStartKey": start | encode(person)} if start else {}
    items, last = reader.query("auctions", person, index=side, ScanIndexForward=False, Limit=limit, **options)
    return items, last is not None


def _place(item: Item) -> dict[str, Any]:
    return encode({name: item[name] for name in ("auction_id", "part", "sold_at")})
