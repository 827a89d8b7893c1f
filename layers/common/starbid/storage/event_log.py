"""The event log in DynamoDB: a row each, by month; indexes by person and by kind. What is new is counted with it."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from heapq import merge
from typing import TYPE_CHECKING, Any

from starbid.domain.analytics.counting import count, people_in
from starbid.domain.errors import Invalid
from starbid.domain.event_log import KEPT_FOR, LogEntry, LogKind
from starbid.services.ports import Contended, Page
from starbid.storage import monthly
from starbid.storage.clients import client
from starbid.storage.codec import Item, decode, encode
from starbid.storage.errors import Cancelled, aws_errors
from starbid.storage.figure_rows import additions
from starbid.storage.figures import TABLE, DynamoFigures
from starbid.storage.monthly import beginning, bound, merged, months
from starbid.storage.reading import Reader, read_cursor, write_cursor
from starbid.storage.rows import at, shard, shards

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

CHUNK = 30
"""Entries of one transaction."""
MOST_PARTS = 100
"""Of one transaction, DynamoDB's limit."""
ATTEMPTS = 6
"""Of a transaction that met another one or was throttled."""
MONTHS, READS = 3, 4
"""What one page looks at most: so many months of all people, or so many pieces of one person's rows."""
_ORDER = re.compile(r"[0-9]{13}(#.{1,1000})?", re.DOTALL)
"""A moment, alone or with an entry of it."""


class DynamoEventLog:
    """Implements `ports.EventLog`."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        self._reader = Reader(client("dynamodb"), tables)
        self._table, self._rollups = tables["event_log"], tables[TABLE]
        self._figures = DynamoFigures(tables)

    def keep(self, entries: Iterable[LogEntry], now: datetime) -> None:
        new = list({order_of(entry): entry for entry in entries}.values())
        for first in range(0, len(new), CHUNK):
            self._keep(new[first : first + CHUNK], now)

    def between(self, first: datetime, end: datetime) -> Iterator[LogEntry]:
        low, high = bound(first), bound(end)
        for month in reversed(months(low, high)):
            pieces = [
                self._reader.query_all(
                    "event_log",
                    {"slot": slot},
                    and_key=" AND #order BETWEEN :low AND :high",
                    names={"#order": "order"},
                    values={":low": low, ":high": high},
                    ConsistentRead=True,
                )
                for slot in shards(month)
            ]
            yield from map(log_entry_from, merge(*pieces, key=lambda item: str(item["order"])))

    def page(
        self,
        now: datetime,
        *,
        kind: LogKind | None = None,
        user_id: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[LogEntry]:
        oldest = now - KEPT_FOR + timedelta(milliseconds=1)
        low = bound(max(since, oldest) if since else oldest)
        high = bound(until or now + timedelta(days=1))  # clocks of functions differ a little
        if cursor:
            high = min(high, _read(cursor))
        if high <= low:
            return Page(())
        if user_id is not None:
            return self._of_person(user_id, kind, low, high, limit)
        return self._of_all(kind, low, high, limit)

    def count(self, since: datetime | None, until: datetime, most: int) -> int:
        place = monthly.Place(index=None, key="slot")
        return monthly.count(self._reader, "event_log", since, until, most, place=place)

    def _of_all(self, kind: LogKind | None, low: str, high: str, limit: int) -> Page[LogEntry]:
        """Month by month, as many as one page looks at."""
        found = list[Item]()
        for month in months(low, high)[:MONTHS]:
            slots = [{"kind_slot": f"{kind}#{slot}"} if kind else {"slot": slot} for slot in shards(month)]
            index = "by_kind" if kind else None
            pieces = [self._piece(slot, index, low, high, limit - len(found)) for slot in slots]
            items, is_whole = merged(pieces)
            found += items[: limit - len(found)]
            if len(found) == limit or not is_whole:
                return _page(found, found[-1]["order"] if found else high)
            high = min(high, beginning(month))
        return _page(found, high if low < high else None)

    def _of_person(self, user_id: int, kind: LogKind | None, low: str, high: str, limit: int) -> Page[LogEntry]:
        """Of one kind, too, it reads the person's rows of all kinds."""
        found = list[Item]()
        for _ in range(READS):
            items, is_whole = self._piece({"user_id": user_id}, "by_person", low, high, limit)
            for item in items:
                high = item["order"]
                if kind is None or item["kind"] == kind:
                    found.append(item)
                if len(found) == limit:
                    return _page(found, high)
            if is_whole:
                return _page(found, None)
        return _page(found, high)

    def _piece(self, key: Item, index: str | None, low: str, high: str, limit: int) -> tuple[list[Item], bool]:
        """The newest `limit` rows (or fewer) of a partition from `low` on and before `high`; whether these are all."""
        options: dict[str, Any] = {"Limit": limit + 1, "ScanIndexForward": False}
        items, last = self._reader.query(
            "event_log",
            key,
            index=index,
            and_key=" AND #order BETWEEN :low AND :high",
            names={"#order": "order"},
            values={":low": low, ":high": high},
            **options,
        )
        before = [item for item in items if item["order"] < high]  # BETWEEN has the end in it
        return before[:limit], last is None and len(before) <= limit

    def _keep(self, chunk: Sequence[LogEntry], now: datetime) -> None:
        """One transaction, with what it adds to the figures: all of it, or what of it is not there yet."""
        attempt = 0
        while chunk:
            rises = count(chunk, self._figures.known(people_in(chunk)))
            parts = [*map(self._put, chunk), *additions(rises, now, self._rollups)]
            if len(parts) > MOST_PARTS:
                middle = len(chunk) // 2
                self._keep(chunk[:middle], now)
                self._keep(chunk[middle:], now)
                return
            try:
                with aws_errors():
                    self._reader.client.transact_write_items(TransactItems=parts)
                return
            except Cancelled as cancelled:
                there = {place for place in cancelled.unmet if place < len(chunk)}
                chunk = [entry for place, entry in enumerate(chunk) if place not in there]
                if there:
                    continue
                if not (cancelled.busy or cancelled.unmet):  # unmet: a person of whom others have just learned
                    raise
            except Contended:
                pass
            attempt += 1
            if attempt == ATTEMPTS:
                raise Contended("event_log")
            time.sleep(random.uniform(0, 0.02 * 2**attempt))

    def _put(self, entry: LogEntry) -> TransactWriteItemTypeDef:
        condition = "attribute_not_exists(slot)"
        return {"Put": {"TableName": self._table, "Item": encode(log_item(entry)), "ConditionExpression": condition}}


def log_item(entry: LogEntry) -> Item:
    slot = shard(f"{entry.at.astimezone(UTC):%Y-%m}", entry.id)
    return {
        "slot": slot,
        "order": order_of(entry),
        "kind_slot": f"{entry.kind}#{slot}",
        "user_id": entry.user_id,
        "kind": entry.kind.value,
        "name": entry.name,
        "subject": entry.subject or None,
        "details": dict(entry.details) or None,
        "expires_at": int((entry.at + KEPT_FOR).timestamp()),
    }


def log_entry_from(item: Item) -> LogEntry:
    moment, _, entry_id = item["order"].partition("#")
    return LogEntry(
        id=entry_id,
        at=at(int(moment)),
        kind=LogKind(item["kind"]),
        name=item["name"],
        user_id=item.get("user_id"),
        subject=item.get("subject", ""),
        details=item.get("details", {}),
    )


def entry_in(record: Mapping[str, Any]) -> LogEntry:
    """The entry that a new row of the table's stream tells of."""
    return log_entry_from(decode(record["dynamodb"]["NewImage"]))


def order_of(entry: LogEntry) -> str:
    return f"{bound(entry.at)}#{entry.id}"


def _page(items: Iterable[Item], reached: str | None) -> Page[LogEntry]:
    cursor = write_cursor(encode({"order": reached})) if reached else None
    return Page(tuple(log_entry_from(item) for item in items), cursor)


def _read(cursor: str) -> str:
    """Raises Invalid."""
    order = decode(read_cursor(cursor)).get("order")
    if not isinstance(order, str) or not _ORDER.fullmatch(order):
        raise Invalid("cursor", "choice")
    return order
