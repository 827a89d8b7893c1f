"""Reads on DynamoDB: one item, many, a page of a query."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from starbid.domain.base64url import to_bytes, to_text
from starbid.domain.errors import Invalid
from starbid.services.ports import Throttled
from starbid.storage.codec import Item, Wire, decode, encode, encode_value
from starbid.storage.errors import Malformed, aws_errors

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BATCH = 100
"""The most keys of one BatchGetItem."""
MOST_REPEATS = 5
"""How often keys that DynamoDB left out, as it does when it throttles, are asked for again."""


class Reader:
    """Reads with one client; the building block of the stores."""

    def __init__(self, client: DynamoDBClient, tables: Mapping[str, str]) -> None:
        self.client, self.tables = client, tables

    def get(self, table: str, key: Item, *, consistent: bool = False) -> Item | None:
        item = self.get_wire(table, key, consistent=consistent)
        return decode(item) if item else None

    def get_wire(self, table: str, key: Item, *, consistent: bool = False) -> Wire | None:
        """The same, as it came."""
        with aws_errors():
            answer = self.client.get_item(TableName=self.tables[table], Key=encode(key), ConsistentRead=consistent)
        return answer.get("Item")

    def get_many(self, keys: Mapping[str, list[Item]], *, consistent: Collection[str] = ()) -> dict[str, list[Item]]:
        """Items of several tables in one round trip (up to 100 keys each trip), in no order.

        `consistent`: the tables that are read so.
        """
        found = self.get_many_wire(keys, consistent=consistent)
        return {table: [decode(item) for item in items] for table, items in found.items()}

    def get_many_wire(
        self, keys: Mapping[str, list[Item]], *, consistent: Collection[str] = ()
    ) -> dict[str, list[Wire]]:
        """The same, as it came."""
        wanted = [(table, encode(key)) for table, group in keys.items() for key in group]
        found: dict[str, list[Wire]] = {table: [] for table in keys}
        names = {self.tables[table]: table for table in keys}
        repeats = 0
        while wanted:
            batch, wanted = wanted[:BATCH], wanted[BATCH:]
            request: dict[str, Any] = {}
            for table, key in batch:
                part = request.setdefault(self.tables[table], {"Keys": [], "ConsistentRead": table in consistent})
                part["Keys"].append(key)
            with aws_errors():
                answer = self.client.batch_get_item(RequestItems=request)
            for name, items in answer["Responses"].items():
                found[names[name]] += items
            left = answer.get("UnprocessedKeys", {})
            if left:
                repeats += 1
                _pause_before(repeats)
            wanted += [(names[name], key) for name, part in left.items() for key in part["Keys"]]
        return found

    def query(
        self, table: str, key: Item, *, index: str | None = None, **options: Any
    ) -> tuple[list[Item], Wire | None]:
        """Items whose partition is `key` (more conditions in `options`), and where to go on."""
        items, last = self.query_wire(table, key, index=index, **options)
        return [decode(item) for item in items], last

    def query_wire(
        self, table: str, key: Item, *, index: str | None = None, **options: Any
    ) -> tuple[list[Wire], Wire | None]:
        """The same, for those who do not need all that came."""
        ((name, value),) = key.items()
        request = {
            "TableName": self.tables[table],
            "KeyConditionExpression": "#key = :key" + options.pop("and_key", ""),
            "ExpressionAttributeNames": {"#key": name} | options.pop("names", {}),
            "ExpressionAttributeValues": {":key": encode_value(value)}
            | {each: encode_value(v) for each, v in options.pop("values", {}).items()},
        } | options
        if index:
            request["IndexName"] = index
        try:
            with aws_errors():
                answer = self.client.query(**request)
        except Malformed as refused:
            if "ExclusiveStartKey" in options:
                raise Invalid("cursor", "choice") from refused
            raise
        return answer["Items"], answer.get("LastEvaluatedKey")

    def query_all(self, table: str, key: Item, **options: Any) -> Iterator[Item]:
        """Every item of a partition, for those that stay small."""
        start: dict[str, Any] = {}
        while True:
            items, last = self.query(table, key, **options, **start)
            yield from items
            if last is None:
                return
            start = {"ExclusiveStartKey": last}

    def page(
        self, table: str, key: Item, limit: int, cursor: str | None, *, index: str | None = None, **options: Any
    ) -> tuple[list[Item], str | None]:
        """One page, newest first, and the cursor of the next.

        What all of the list have in common is not in it: that may be an id that is nobody else's business.
        """
        common = encode(key)
        if cursor:
            options["ExclusiveStartKey"] = read_cursor(cursor) | common
        options.setdefault("ScanIndexForward", False)
        items, last = self.query(table, key, index=index, Limit=limit, **options)
        place = {name: value for name, value in (last or {}).items() if name not in common}
        return items, write_cursor(place) if place else None

    def due(self, table: str, shards: Sequence[str], now_ms: int, limit: int) -> Iterator[Item]:
        """Keys of what is due in the index `due`. Each shard has its share of `limit`: none starves the others."""
        for shard in shards:
            items, _ = self.query(
                table,
                {"due_shard": shard},
                index="due",
                and_key=" AND due_at <= :now",
                values={":now": now_ms},
                Limit=-(-limit // len(shards)),
            )
            yield from items


def _pause_before(repeat: int) -> None:
    """Raises Throttled where it has been enough."""
    if repeat > MOST_REPEATS:
        raise Throttled("UnprocessedKeys")
    time.sleep(random.uniform(0, 0.02 * 2**repeat))


def write_cursor(key: Any) -> str:
    """Where a list goes on, as text for a link. Anybody can read it: it holds keys of rows that the list shows."""
    return to_text(json.dumps(key, separators=(",", ":")).encode())


def read_cursor(cursor: str) -> Wire:
    """The key in a cursor. Raises Invalid for one that we did not make."""
    key = _read(cursor)
    if not key or not _is_key(key):
        raise Invalid("cursor", "choice")
    return key


def read_cursors(cursor: str) -> dict[str, Wire | None]:
    """The keys by shard in the cursor of a list that has several. Raises Invalid for one that we did not make."""
    keys = _read(cursor)
    if not keys or not all(key is None or _is_key(key) for key in keys.values()):
        raise Invalid("cursor", "choice")
    return keys


def _read(cursor: str) -> dict[str, Any]:
    try:
        key = json.loads(to_bytes(cursor))
    except (ValueError, RecursionError) as error:
        raise Invalid("cursor", "choice") from error
    return key if isinstance(key, dict) else {}


def _is_key(key: object) -> bool:
    """Texts and numbers as DynamoDB writes them; whether they are a key of the table is for DynamoDB to say."""
    return isinstance(key, dict) and all(
        isinstance(value, dict)
        and len(value) == 1
        and all(kind in ("S", "N") and isinstance(text, str) for kind, text in value.items())
        for value in key.values()
    )
