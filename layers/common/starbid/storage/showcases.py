"""Showcases: a row by chat with all that is known (`chat#<id>`), one for each keeper (`person#<id>`), and one where it
is filed (`all`, `category#<name>`, `seller#<id>`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starbid.domain.showcases import Showcase
from starbid.services.ports import Contended
from starbid.storage import rows
from starbid.storage.clients import client
from starbid.storage.codec import Item, encode
from starbid.storage.errors import Cancelled, aws_errors
from starbid.storage.reading import Reader

ITSELF = "-"
FIRST = " "
"""Comes before the number of every chat: those of groups and channels are below zero."""


class DynamoShowcases:
    """Implements `ports.Showcases`."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        self._reader = Reader(client("dynamodb"), tables)
        self._table = tables["showcases"]

    def one(self, chat_id: int) -> Showcase | None:
        item = self._reader.get("showcases", _of_chat(chat_id), consistent=True)
        return _showcase_from(item) if item else None

    def of(self, person_id: int) -> list[Showcase]:
        mine = self._reader.query_all("showcases", {"place": f"person#{person_id}"}, ConsistentRead=True)
        keys = [_of_chat(int(item["ref"])) for item in mine]
        if not keys:
            return []
        items = self._reader.get_many({"showcases": keys}, consistent=("showcases",))["showcases"]
        return sorted(map(_showcase_from, items), key=lambda each: (each.connected_at, each.chat_id))

    def filed(self, place: str, after: str, limit: int) -> tuple[tuple[int, ...], str | None]:
        items, last = self._reader.query(
            "showcases", {"place": place}, and_key=" AND #ref > :after", names={"#ref": "ref"},
            values={":after": after or FIRST}, Limit=limit,
        )  # fmt: skip
        return tuple(int(item["ref"]) for item in items), items[-1]["ref"] if last and items else None

    def put(self, known: Showcase | None, showcase: Showcase) -> None:
        before, after = _beside(known), _beside(showcase)
        parts = [self._chat_row(known, showcase)]
        parts += [self._delete(key) for key in before if key not in after]
        parts += [self._put(key) for key in after if key not in before]
        if known and known.chat_id != showcase.chat_id:
            parts.append(self._gone(known))
        self._write(parts)

    def drop(self, known: Showcase) -> None:
        self._write([self._gone(known), *(self._delete(key) for key in _beside(known))])

    def _chat_row(self, known: Showcase | None, showcase: Showcase) -> dict[str, Any]:
        item = encode(_of_chat(showcase.chat_id) | _facts(showcase))
        if known is None or known.chat_id != showcase.chat_id:
            return self._if("Put", "attribute_not_exists(#ref)", {"#ref": "ref"}, {}, Item=item)
        return self._if("Put", "#version = :known", _VERSION, {":known": known.version}, Item=item)

    def _gone(self, known: Showcase) -> dict[str, Any]:
        key = encode(_of_chat(known.chat_id))
        return self._if("Delete", "#version = :known", _VERSION, {":known": known.version}, Key=key)

    def _put(self, key: tuple[str, str]) -> dict[str, Any]:
        return {"Put": {"TableName": self._table, "Item": encode(_key(key))}}

    def _delete(self, key: tuple[str, str]) -> dict[str, Any]:
        return {"Delete": {"TableName": self._table, "Key": encode(_key(key))}}

    def _if(self, verb: str, condition: str, names: dict[str, str], values: Item, **what: Any) -> dict[str, Any]:
        request = {"TableName": self._table, "ConditionExpression": condition, "ExpressionAttributeNames": names}
        given = {"ExpressionAttributeValues": encode(values)} if values else {}
        return {verb: request | given | what}

    def _write(self, parts: list[Any]) -> None:
        try:
            with aws_errors():
                self._reader.client.transact_write_items(TransactItems=parts)
        except Cancelled as refused:
            raise Contended from refused


_VERSION = {"#version": "version"}


def _of_chat(chat_id: int) -> Item:
    return {"place": f"chat#{chat_id}", "ref": ITSELF}


def _key(key: tuple[str, str]) -> Item:
    return {"place": key[0], "ref": key[1]}


def _beside(showcase: Showcase | None) -> tuple[tuple[str, str], ...]:
    """The rows by keeper and place, as (place, ref)."""
    if showcase is None:
        return ()
    ref = str(showcase.chat_id)
    filed = ((showcase.filed, ref),) if showcase.filed else ()
    return *((f"person#{keeper}", ref) for keeper in showcase.keepers), *filed


def _facts(showcase: Showcase) -> Item:
    return {
        "chat_id": showcase.chat_id,
        "title": showcase.title,
        "is_channel": showcase.is_channel,
        "may_post": showcase.may_post,
        "language": showcase.language,
        "zone": showcase.zone,
        "connected_at": rows.ms(showcase.connected_at),
        "keepers": list(showcase.keepers),
        "shows": showcase.shows,
        "seller_id": showcase.seller_id,
        "thread": showcase.thread,
        "version": showcase.version,
    }


def _showcase_from(item: Item) -> Showcase:
    return Showcase(
        item["chat_id"],
        item["title"],
        item["is_channel"],
        item["may_post"],
        item["language"],
        item.get("zone"),
        rows.at(item["connected_at"]),
        tuple(item["keepers"]),
        item["shows"],
        item.get("seller_id"),
        item.get("thread"),
        item["version"],
    )
