"""Marks of watched lots: one row each, by person; an index has them by lot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starbid.services.ports import Mark
from starbid.storage import rows
from starbid.storage.clients import client
from starbid.storage.codec import Item, decode, encode
from starbid.storage.errors import aws_errors
from starbid.storage.reading import Reader


class DynamoWatches:
    """Implements `ports.Watches`."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        self._reader = Reader(client("dynamodb"), tables)
        self._table = tables["watches"]

    def put(self, mark: Mark) -> None:
        with aws_errors():
            self._reader.client.put_item(TableName=self._table, Item=encode(mark_item(mark)))

    def drop(self, user_id: int, auction_id: str) -> None:
        with aws_errors():
            self._reader.client.delete_item(TableName=self._table, Key=encode(mark_key(user_id, auction_id)))

    def mark(self, user_id: int, auction_id: str, now: datetime) -> Mark | None:
        item = self._reader.get("watches", mark_key(user_id, auction_id), consistent=True)
        return mark_from(item, now) if item else None

    def marks_of(self, user_id: int, now: datetime) -> list[Mark]:
        items = self._reader.query_all("watches", {"user_id": user_id}, ConsistentRead=True)
        return [mark for item in items if (mark := mark_from(item, now))]

    def watchers(self, auction_id: str, after: str, limit: int) -> tuple[tuple[int, ...], str | None]:
        start: dict[str, Any] = {"ExclusiveStartKey": encode(mark_key(int(after), auction_id))} if after else {}
        lot = {"auction_id": auction_id}
        items, last = self._reader.query("watches", lot, index="by_auction", Limit=limit, **start)
        return tuple(item["user_id"] for item in items), str(decode(last)["user_id"]) if last else None


def mark_key(user_id: int, auction_id: str) -> Item:
    return {"user_id": user_id, "auction_id": auction_id}


def mark_item(mark: Mark) -> Item:
    facts = {"ends_at": rows.ms(mark.ends_at), "expires_at": int(mark.until.timestamp())}
    if mark.since:
        facts["since"] = rows.ms(mark.since)
    return mark_key(mark.user_id, mark.auction_id) | facts


def mark_from(item: Item, now: datetime) -> Mark | None:
    """None where its time is over: DynamoDB deletes late."""
    until = rows.at(item["expires_at"] * 1000)
    if now >= until:
        return None
    since = rows.at(item["since"]) if "since" in item else None
    return Mark(item["user_id"], item["auction_id"], rows.at(item["ends_at"]), until, since)
