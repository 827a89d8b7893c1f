"""Rows by time, newest first: month by month, where a month is spread over a few partitions.

A row stands in an index under `month` (`2026-11#<shard>`) and `order` (`<13-digit ms>#<id>`), which never change: a
list that is read page by page has every row that was there the whole time, once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from starbid.domain.errors import Invalid
from starbid.storage.codec import Item, decode, encode, encode_value
from starbid.storage.errors import aws_errors
from starbid.storage.reading import Reader, read_cursor, write_cursor
from starbid.storage.rows import at, ms, shards

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
"""Nothing that is kept is older: where a list ends that names no beginning."""
MONTHS = 24
"""What one page looks at most: so many months without a row are a short page."""
_ORDER = re.compile(r"[0-9]{13}(#.{1,300})?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """Where rows stand by month: in an index, or in the table itself, under `key`; in one partition or in several."""

    index: str | None = "by_month"
    key: str = "month"
    sharded: bool = True

    def slots(self, month: str) -> list[str]:
        return shards(month) if self.sharded else [month]


BY_MONTH = Place()


def bound(moment: datetime) -> str:
    """Above all orders of earlier moments and below all of this one."""
    return f"{max(0, ms(moment)):013}"


def newest(
    reader: Reader,
    table: str,
    since: datetime | None,
    until: datetime,
    limit: int,
    cursor: str | None,
    *,
    place: Place = BY_MONTH,
) -> tuple[list[Item], str | None]:
    """Items of an index from `since` on and before `until`, and the cursor of the next page. Raises Invalid."""
    low, high = _ends(since, until)
    high = read_end(high, cursor)
    found = list[Item]()
    for month in months(low, high)[:MONTHS]:
        keys = ({place.key: slot} for slot in place.slots(month))
        pieces = [piece(reader, table, key, place.index, low, high, limit - len(found)) for key in keys]
        items, is_whole = merged(pieces)
        found += items[: limit - len(found)]
        if len(found) == limit or not is_whole:
            return found, write_end(found[-1]["order"] if found else high)
        high = min(high, beginning(month))
    return found, write_end(high) if low < high else None


def count(
    reader: Reader,
    table: str,
    since: datetime | None,
    until: datetime,
    most: int,
    *,
    place: Place = BY_MONTH,
) -> int:
    """How many rows `newest` has of them; it stops counting where it is more than `most`."""
    low, high = _ends(since, until)
    total = 0
    for month in months(low, high):
        for slot in place.slots(month):
            start: dict[str, Any] | None = {}
            while start is not None and total <= most:
                some, start = _counted(reader, table, place, slot, low, high, most + 1 - total, start)
                total += some
    return total


def _counted(
    reader: Reader, table: str, place: Place, slot: str, low: str, high: str, limit: int, start: dict[str, Any]
) -> tuple[int, dict[str, Any] | None]:
    """By one query, which fetches none of them; and where to go on."""
    values = {":slot": slot, ":low": low, ":high": high}
    options: dict[str, Any] = start | ({"IndexName": place.index} if place.index else {})
    with aws_errors():
        answer = reader.client.query(
            TableName=reader.tables[table],
            Select="COUNT",
            KeyConditionExpression="#slot = :slot AND #order BETWEEN :low AND :high",
            ExpressionAttributeNames={"#slot": place.key, "#order": "order"},
            ExpressionAttributeValues={name: encode_value(value) for name, value in values.items()},
            Limit=limit,
            **options,
        )
    last = answer.get("LastEvaluatedKey")
    return answer["Count"], {"ExclusiveStartKey": last} if last else None


def piece(
    reader: Reader, table: str, key: Item, index: str | None, low: str, high: str, limit: int
) -> tuple[list[Item], bool]:
    """The newest `limit` rows (or fewer) of a partition from `low` on and before `high`; whether these are all."""
    items, last = reader.query(
        table,
        key,
        index=index,
        and_key=" AND #order BETWEEN :low AND :high",
        names={"#order": "order"},
        values={":low": low, ":high": high},
        Limit=limit + 1,
        ScanIndexForward=False,
    )
    before = [item for item in items if item["order"] < high]  # BETWEEN has the end in it
    return before[:limit], last is None and len(before) <= limit


def read_end(high: str, cursor: str | None) -> str:
    """The end of a list, or where its last page ended. Raises Invalid for a cursor that is none."""
    if not cursor:
        return high
    order = decode(read_cursor(cursor)).get("order")
    if not isinstance(order, str) or not _ORDER.fullmatch(order):
        raise Invalid("cursor", "choice")
    return min(high, order)


def write_end(order: str) -> str:
    return write_cursor(encode({"order": order}))


def _ends(since: datetime | None, until: datetime) -> tuple[str, str]:
    return bound(max(since, BEGINNING) if since else BEGINNING), bound(until)


def months(low: str, high: str) -> list[str]:
    """Those that have a moment from `low` on and before `high`, newest first: `2026-11`."""
    return list(_walk(at(int(low[:13])), high)) if low < high else []


def _walk(first: datetime, high: str) -> Iterator[str]:
    last = at(int(high[:13]))
    if high <= bound(last):
        last -= timedelta(milliseconds=1)
    year, month = last.year, last.month
    while (year, month) >= (first.year, first.month):
        yield f"{year:04}-{month:02}"
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)


def beginning(month: str) -> str:
    return bound(datetime(int(month[:4]), int(month[5:]), 1, tzinfo=UTC))


def merged(pieces: Sequence[tuple[list[Item], bool]]) -> tuple[list[Item], bool]:
    """The newest rows of several partitions, as far down as all of them reach."""
    ends = [items[-1]["order"] for items, is_whole in pieces if items and not is_whole]
    floor = max(ends, default="")
    items = sorted((item for found, _ in pieces for item in found), key=lambda item: str(item["order"]), reverse=True)
    return [item for item in items if item["order"] >= floor], not ends
