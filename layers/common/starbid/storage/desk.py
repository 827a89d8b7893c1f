"""Records of the operator's side, in one table: by group and member, and in lists by time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starbid.services.ports import DeskRow, Page
from starbid.storage import rows
from starbid.storage.clients import client
from starbid.storage.codec import Item, encode
from starbid.storage.conditional import put_if
from starbid.storage.errors import aws_errors
from starbid.storage.reading import Reader, read_cursor, write_cursor
from starbid.storage.unit_parts import Parts


class DynamoDesk:
    """Implements `ports.Desk`."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        self._reader = Reader(client("dynamodb"), tables)
        self._table = tables["desk"]

    def row(self, group: str, member: str, now: datetime) -> DeskRow | None:
        item = self._reader.get("desk", row_key(group, member), consistent=True)
        return row_from(item) if item and _is_there(item, now) else None

    def rows(
        self, group: str, now: datetime, *, limit: int = 50, cursor: str | None = None, backward: bool = False
    ) -> Page[DeskRow]:
        options = {"ConsistentRead": True, "ScanIndexForward": not backward}
        return self._page({"pk": group}, now, limit, cursor, options)

    def listed(
        self, name: str, now: datetime, *, limit: int = 50, cursor: str | None = None, backward: bool = True
    ) -> Page[DeskRow]:
        return self._page({"list": name}, now, limit, cursor, {"ScanIndexForward": not backward}, index="listed")

    def save(self, row: DeskRow) -> bool:
        return put_if(self._reader.client, self._table, row_item(row), *written_on(row))

    def drop(self, group: str, member: str) -> None:
        with aws_errors():
            self._reader.client.delete_item(TableName=self._table, Key=encode(row_key(group, member)))

    def _page(
        self,
        key: Item,
        now: datetime,
        limit: int,
        cursor: str | None,
        options: dict[str, Any],
        index: str | None = None,
    ) -> Page[DeskRow]:
        if cursor:
            options["ExclusiveStartKey"] = read_cursor(cursor) | encode(key)
        items, last = self._reader.query("desk", key, index=index, Limit=limit, **options)
        place = {name: value for name, value in (last or {}).items() if name not in key}
        found = tuple(row_from(item) for item in items if _is_there(item, now))
        return Page(found, write_cursor(place) if place else None)


class DeskVerbs(Parts):
    """The part of `ports.Unit` about these records."""

    def save_row(self, row: DeskRow) -> None:
        condition, values = written_on(row)
        name = f"{row.group}/{row.member}"
        self._add("row", name, "desk", "Put", {"Item": encode(row_item(row))}, condition, values, row_from)


def written_on(row: DeskRow) -> tuple[str, Item]:
    """The condition on what is there before, with its values."""
    if row.version == 1:
        return "attribute_not_exists(pk)", {}
    return "version = :before", {":before": row.version - 1}


def row_key(group: str, member: str) -> Item:
    return {"pk": group, "sk": member}


def row_item(row: DeskRow) -> Item:
    name, moment = row.listed or (None, None)
    return row_key(row.group, row.member) | {
        "facts": dict(row.facts),
        "version": row.version,
        "list": name,
        "at": rows.ms(moment) if moment else None,
        "expires_at": int(row.expires_at.timestamp()) if row.expires_at else None,
    }


def row_from(item: Item) -> DeskRow:
    return DeskRow(
        group=item["pk"],
        member=item["sk"],
        facts=item.get("facts", {}),
        version=item["version"],
        listed=(item["list"], rows.at(item["at"])) if "list" in item else None,
        expires_at=rows.at(item["expires_at"] * 1000) if "expires_at" in item else None,
    )


def _is_there(item: Item, now: datetime) -> bool:
    return "expires_at" not in item or now < rows.at(item["expires_at"] * 1000)
