"""Addresses of deals, in a table of their own: a row each, and one of what is typed and not confirmed yet.

Nothing of them is copied: the table has no stream and no backups, and its index holds keys alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from starbid.domain.addresses import Address
from starbid.services.ports import TYPED_FOR
from starbid.storage import rows
from starbid.storage.clients import client
from starbid.storage.codec import Item, encode, encode_value
from starbid.storage.errors import Unmet, aws_errors
from starbid.storage.reading import Reader

PARTS = ("name", "address", "phone")


class DynamoAddresses:
    """Implements `ports.Addresses`."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        self._reader = Reader(client("dynamodb"), tables)
        self._table = tables["addresses"]

    def address(self, auction_id: str, now: datetime) -> Address | None:
        parts = self._parts(auction_id, now)
        return Address(**parts) if len(parts) == len(PARTS) else None

    def put_typed(self, auction_id: str, parts: Mapping[str, str], now: datetime) -> None:
        name = typed_name(auction_id)
        item = encode(address_key(name) | dict(parts) | expiry(name, now + TYPED_FOR))
        with aws_errors():
            self._reader.client.put_item(TableName=self._table, Item=item)

    def typed(self, auction_id: str, now: datetime) -> dict[str, str]:
        return self._parts(typed_name(auction_id), now)

    def drop_typed(self, auction_id: str) -> None:
        with aws_errors():
            self._reader.client.delete_item(TableName=self._table, Key=encode(address_key(typed_name(auction_id))))

    def due(self, now: datetime, limit: int) -> list[str]:
        found = self._reader.due("addresses", rows.shards("address"), rows.ms(now), limit)
        return [item["auction_id"] for item in found][:limit]

    def erase(self, name: str, now: datetime) -> None:
        with suppress(Unmet), aws_errors():
            self._reader.client.delete_item(
                TableName=self._table,
                Key=encode(address_key(name)),
                ConditionExpression="due_at <= :now",
                ExpressionAttributeValues={":now": encode_value(rows.ms(now))},
            )

    def _parts(self, name: str, now: datetime) -> dict[str, str]:
        """What is there of an address, unless its time is over: DynamoDB deletes late."""
        item = self._reader.get("addresses", address_key(name), consistent=True)
        if item is None or ("due_at" in item and now >= rows.at(item["due_at"])):
            return {}
        return {part: item[part] for part in PARTS if part in item}


def typed_name(auction_id: str) -> str:
    """The name of what is not confirmed yet; ids of lots have no such sign."""
    return f"{auction_id}#typed"


def address_key(name: str) -> Item:
    return {"auction_id": name}


def address_item(auction_id: str, address: Address) -> Item:
    return address_key(auction_id) | {part: getattr(address, part) for part in PARTS}


def expiry(name: str, at: datetime) -> Item:
    """From when a row is over: for readers and the sweep, and for DynamoDB as the net below it."""
    return {"due_shard": rows.shard("address", name), "due_at": rows.ms(at), "expires_at": int(at.timestamp())}
