"""Small records that may vanish, in one table with TTL. DynamoDB deletes late, so reads look at the time too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starbid.domain.limits import Draw
from starbid.domain.texts import is_storable
from starbid.services.ports import Heard
from starbid.storage import rows
from starbid.storage.clients import client
from starbid.storage.codec import Item, decode, encode, encode_value
from starbid.storage.conditional import accepted
from starbid.storage.errors import Unmet, aws_errors
from starbid.storage.reading import Reader

ALONE = "-"
"""The sort key of a record that is in no group."""
SPARE = 60
"""Seconds for which a bucket that is full stays, as clocks differ."""


class DynamoScratch:
    """Implements `ports.Records`."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        self._reader = Reader(client("dynamodb"), tables)
        self._table = tables["scratch"]

    def claim(self, key: str, seconds: int, now: datetime) -> bool:
        item = _key(key) | {"state": "claimed", "expires_at": _after(now, seconds)}
        condition = "attribute_not_exists(pk) OR expires_at <= :now"
        return self._put(item, condition, {":now": _after(now, 0)})

    def take(self, key: str, owner: str, seconds: int, now: datetime) -> bool:
        item = _key(key) | {"state": "claimed", "owner": owner, "expires_at": _after(now, seconds)}
        condition = "attribute_not_exists(pk) OR expires_at <= :now OR #owner = :owner"
        return self._put(item, condition, {":now": _after(now, 0), ":owner": owner}, {"#owner": "owner"})

    def receive(self, key: str, lease: int, keep: int, at: datetime, now: datetime) -> datetime | None:
        """The lease ends before the record does: DynamoDB may delete a record as soon as its time is over."""
        request: dict[str, Any] = {
            "TableName": self._table,
            "Key": encode(_key(key)),
            "UpdateExpression": (
                "SET #state = :claimed, lease_until = :lease, expires_at = :end,"
                " received_at = if_not_exists(received_at, :at)"
            ),
            "ConditionExpression": "attribute_not_exists(pk) OR expires_at <= :now OR lease_until <= :now",
            "ExpressionAttributeNames": {"#state": "state"},
            "ExpressionAttributeValues": encode(
                {
                    ":claimed": "claimed",
                    ":lease": _after(now, lease),
                    ":end": _after(now, keep),
                    ":at": rows.ms(at),
                    ":now": _after(now, 0),
                }
            ),
            "ReturnValues": "ALL_NEW",
        }
        try:
            with aws_errors():
                answer = self._reader.client.update_item(**request)
        except Unmet:
            return None
        return rows.at(decode(answer["Attributes"])["received_at"])

    def give_back(self, key: str, now: datetime) -> None:
        request: dict[str, Any] = {
            "TableName": self._table,
            "Key": encode(_key(key)),
            "UpdateExpression": "SET lease_until = :now",
            "ConditionExpression": "attribute_exists(received_at)",
            "ExpressionAttributeValues": encode({":now": _after(now, 0)}),
        }
        accepted(lambda: self._reader.client.update_item(**request))

    def finish(self, key: str, seconds: int, now: datetime) -> None:
        self._put(_key(key) | {"state": "done", "expires_at": _after(now, seconds)})

    def finish_heard(self, key: str, seconds: int, now: datetime, heard: Heard, first: datetime) -> None:
        """The stream of the table tells the recorder (storage.log_records)."""
        told = {"heard": heard.form, "command": heard.command or None, "user_id": heard.user_id, "at": rows.ms(first)}
        self._put(_key(key) | {"state": "done", "expires_at": _after(now, seconds)} | told)

    def finished(self, key: str) -> bool:
        item = self._reader.get("scratch", _key(key), consistent=True)
        return item is not None and item.get("state") == "done"

    def forget(self, key: str) -> None:
        self._delete(_key(key))

    def put(self, key: str, value: dict[str, Any], seconds: int, now: datetime) -> None:
        self._put(_key(key) | {"value": _text(value), "expires_at": _after(now, seconds)})

    def get(self, key: str, now: datetime) -> dict[str, Any] | None:
        return self.member(key, ALONE, now)

    def put_member(self, group: str, member: str, value: dict[str, Any], seconds: int, now: datetime) -> None:
        self._put({"pk": group, "sk": member, "value": _text(value), "expires_at": _after(now, seconds)})

    def exchange_member(
        self, group: str, member: str, known: dict[str, Any], value: dict[str, Any], seconds: int, now: datetime
    ) -> bool:
        """What an earlier version has put there is escaped, and the same."""
        item = {"pk": group, "sk": member, "value": _text(value), "expires_at": _after(now, seconds)}
        escaped = json.dumps(known)
        values = {":known": _text(known)} | ({":escaped": escaped} if escaped != _text(known) else {})
        return self._put(item, f"#value IN ({', '.join(values)})", values, {"#value": "value"})

    def member(self, group: str, member: str, now: datetime) -> dict[str, Any] | None:
        item = self._reader.get("scratch", {"pk": group, "sk": member}, consistent=True)
        return value_of(item, now) if item else None

    def members(self, group: str, now: datetime) -> dict[str, dict[str, Any]]:
        items = self._reader.query_all("scratch", {"pk": group}, ConsistentRead=True)
        values = {item["sk"]: value_of(item, now) for item in items}
        return {member: value for member, value in values.items() if value is not None}

    def drop_member(self, group: str, member: str) -> None:
        self._delete({"pk": group, "sk": member})

    def count(self, key: str, number: int, most: int, seconds: int, now: datetime) -> bool:
        """One ADD, which is not the same done twice: botocore's next try after a lost answer counts once more."""
        if number > most:
            return False
        request: dict[str, Any] = {
            "TableName": self._table,
            "Key": encode(_key(key)),
            "UpdateExpression": "SET expires_at = :end ADD #count :number",
            "ConditionExpression": "attribute_not_exists(#count) OR #count <= :room",
            "ExpressionAttributeNames": {"#count": "count"},
            "ExpressionAttributeValues": {
                ":number": encode_value(number),
                ":room": encode_value(most - number),
                ":end": encode_value(_after(now, seconds)),
            },
        }
        return accepted(lambda: self._reader.client.update_item(**request))

    def draw(self, key: str, draw: Draw) -> int:
        """One write for a bucket that is full, or empty; a second one for what is in between, as no expression of
        DynamoDB has the larger of two numbers. A bucket only ever becomes emptier meanwhile.
        """
        full = "attribute_not_exists(full_at) OR full_at <= :now OR full_at > :absurd"
        seen = self._draw(key, draw, ":next", full, {":next": draw.from_full, ":now": draw.now, ":absurd": draw.absurd})
        if seen is not None and not draw.wait(seen):
            enough = "attribute_not_exists(full_at) OR full_at <= :latest"
            values = {":now": draw.now, ":cost": draw.cost, ":latest": draw.latest}
            seen = self._draw(key, draw, "if_not_exists(full_at, :now) + :cost", enough, values)
        return 0 if seen is None else draw.wait(seen)

    def _draw(self, key: str, draw: Draw, following: str, condition: str, values: dict[str, int]) -> int | None:
        """None where it was drawn; otherwise the `full_at` that is in the way."""
        request: dict[str, Any] = {
            "TableName": self._table,
            "Key": encode(_key(key)),
            "UpdateExpression": f"SET full_at = {following}, expires_at = :end",
            "ConditionExpression": condition,
            "ExpressionAttributeValues": encode(values | {":end": (draw.now + draw.span) // 1_000_000 + SPARE}),
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        try:
            with aws_errors():
                self._reader.client.update_item(**request)
        except Unmet as unmet:
            return int(decode(unmet.item or {})["full_at"])
        return None

    def _put(
        self, item: Item, condition: str = "", values: Item | None = None, names: dict[str, str] | None = None
    ) -> bool:
        request: dict[str, Any] = {"TableName": self._table, "Item": encode(item)}
        if condition:
            request["ConditionExpression"] = condition
            request["ExpressionAttributeValues"] = {name: encode_value(v) for name, v in (values or {}).items()}
        if names:
            request["ExpressionAttributeNames"] = names
        return accepted(lambda: self._reader.client.put_item(**request))

    def _delete(self, key: Item) -> None:
        with aws_errors():
            self._reader.client.delete_item(TableName=self._table, Key=encode(key))


def _key(key: str) -> Item:
    return {"pk": key, "sk": ALONE}


def _text(value: dict[str, Any]) -> str:
    """A write costs by its bytes, and an escape takes six where a Cyrillic letter has two: they are left out where they
    can be.
    """
    text = json.dumps(value, ensure_ascii=False)
    return text if is_storable(text) else json.dumps(value)


def _after(now: datetime, seconds: int) -> int:
    return int(now.timestamp()) + seconds


def value_of(item: Item, now: datetime) -> dict[str, Any] | None:
    """What a record holds; None where its time is over."""
    if item["expires_at"] <= now.timestamp():
        return None
    value: dict[str, Any] = json.loads(item["value"])
    return value
