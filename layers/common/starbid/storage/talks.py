"""Conversations about deals, in a table of their own: by `<lot>#<buyer>`, and in it by place.

place            holds
head             whose it is, how many messages it has, what was reported, what counts for the limit
m#<number>       a message
key#<key>        the number of the message that something became
told#<person>    how far that side was told
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starbid.domain.talks import Message, Talk
from starbid.services.ports import Told
from starbid.storage import rows
from starbid.storage.clients import client
from starbid.storage.codec import Item, encode
from starbid.storage.conditional import put_if
from starbid.storage.errors import aws_errors
from starbid.storage.reading import Reader
from starbid.storage.unit_parts import Parts

HEAD = "head"
_FIRST, _LAST = "m#", "m#~"


class DynamoTalks:
    """Implements `ports.Talks`."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        self._reader = Reader(client("dynamodb"), tables)
        self._table = tables["talks"]

    def talk(self, empty: Talk) -> Talk:
        item = self._get(empty.id, HEAD)
        return talk_from(item) if item else empty

    def number_of(self, talk_id: str, key: str) -> int | None:
        item = self._get(talk_id, key_place(key))
        return item["number"] if item else None

    def message(self, talk_id: str, number: int, now: datetime) -> Message | None:
        item = self._get(talk_id, message_place(number))
        return message_from(item) if item and _is_there(item, now) else None

    def before(self, talk_id: str, number: int, limit: int, now: datetime) -> tuple[Message, ...]:
        return self._between(talk_id, (_FIRST, message_place(number - 1)), limit, now, forward=False)

    def after(self, talk_id: str, number: int, limit: int, now: datetime) -> tuple[Message, ...]:
        return self._between(talk_id, (message_place(number + 1), _LAST), limit, now, forward=True)

    def keep(self, talk_id: str, message: Message) -> bool:
        return put_if(self._reader.client, self._table, message_item(talk_id, message), *written_on(message.version))

    def told(self, talk_id: str, person_id: int) -> Told:
        item = self._get(talk_id, told_place(person_id))
        return Told(item["number"], item["photos"], item["version"]) if item else Told()

    def keep_told(self, talk_id: str, person_id: int, told: Told, until: datetime) -> None:
        facts = {"number": told.number, "photos": told.photos, "version": told.version, "expires_at": _seconds(until)}
        with aws_errors():
            item = encode(talk_key(talk_id, told_place(person_id)) | facts)
            self._reader.client.put_item(TableName=self._table, Item=item)

    def _get(self, talk_id: str, place: str) -> Item | None:
        return self._reader.get("talks", talk_key(talk_id, place), consistent=True)

    def _between(
        self, talk_id: str, places: tuple[str, str], limit: int, now: datetime, *, forward: bool
    ) -> tuple[Message, ...]:
        first, last = places
        items, _ = self._reader.query(
            "talks",
            {"talk": talk_id},
            and_key=" AND place BETWEEN :first AND :last",
            values={":first": first, ":last": last},
            ConsistentRead=True,
            ScanIndexForward=forward,
            Limit=limit,
        )
        return tuple(message_from(item) for item in items if _is_there(item, now))


class TalkVerbs(Parts):
    """The part of `ports.Unit` about conversations."""

    def save_talk(self, talk: Talk) -> None:
        condition, values = written_on(talk.version)
        self._add("talk", talk.id, "talks", "Put", {"Item": encode(talk_item(talk))}, condition, values, talk_from)

    def save_talk_message(self, talk_id: str, message: Message) -> None:
        condition, values = written_on(message.version)
        action = {"Item": encode(message_item(talk_id, message))}
        name = f"{talk_id}#{message.number}"
        self._add("talk_message", name, "talks", "Put", action, condition, values, message_from)

    def keep_talk_key(self, talk_id: str, key: str, number: int, before: int | None, until: datetime) -> None:
        item = talk_key(talk_id, key_place(key)) | {"number": number, "expires_at": _seconds(until)}
        condition = "attribute_not_exists(talk)" if before is None else "#number = :before"
        action: dict[str, Any] = {"Item": encode(item)}
        action |= {} if before is None else {"ExpressionAttributeNames": {"#number": "number"}}
        values = {} if before is None else {":before": before}
        self._add("talk_key", key, "talks", "Put", action, condition, values, dict)


def written_on(version: int) -> tuple[str, Item]:
    """The condition on what is there before, with its values."""
    if version == 1:
        return "attribute_not_exists(talk)", {}
    return "version = :before", {":before": version - 1}


def talk_key(talk_id: str, place: str) -> Item:
    return {"talk": talk_id, "place": place}


def message_place(number: int) -> str:
    """In the order of their numbers."""
    return f"{_FIRST}{number:09}"


def key_place(key: str) -> str:
    return f"key#{key}"


def told_place(person_id: int) -> str:
    return f"told#{person_id}"


def talk_item(talk: Talk) -> Item:
    """`..._hour` was the number of an hour and a count in it: to who reads it so, no such hour was; and read as a
    moment, such a number is long past.
    """
    return talk_key(talk.id, HEAD) | {
        "seller_id": talk.seller_id,
        "count": talk.count,
        "reported": list(talk.reported),
        "buyers_hour": [talk.buyers_full_at, 0],
        "sellers_hour": [talk.sellers_full_at, 0],
        "expires_at": _seconds(talk.kept_until) if talk.kept_until else None,
        "version": talk.version,
    }


def talk_from(item: Item) -> Talk:
    auction_id, _, buyer_id = item["talk"].partition("#")
    return Talk(
        auction_id=auction_id,
        seller_id=item["seller_id"],
        buyer_id=int(buyer_id),
        count=item["count"],
        reported=tuple(item["reported"]),
        buyers_full_at=item["buyers_hour"][0],
        sellers_full_at=item["sellers_hour"][0],
        kept_until=rows.at(item["expires_at"] * 1000) if "expires_at" in item else None,
        version=item["version"],
    )


def message_item(talk_id: str, message: Message) -> Item:
    return talk_key(talk_id, message_place(message.number)) | {
        "by_buyer": message.by_buyer,
        "text": message.text,
        "pictures": list(message.pictures),
        "at": rows.ms(message.at),
        "changed_at": rows.ms(message.changed_at),
        "album": message.album or None,
        "is_whole": message.is_whole or None,
        "fault": message.fault or None,
        "expires_at": _seconds(message.kept_until),
        "version": message.version,
    }


def message_from(item: Item) -> Message:
    return Message(
        number=int(item["place"].removeprefix(_FIRST)),
        by_buyer=item["by_buyer"],
        text=item["text"],
        pictures=tuple(item["pictures"]),
        at=rows.at(item["at"]),
        changed_at=rows.at(item["changed_at"]),
        kept_until=rows.at(item["expires_at"] * 1000),
        album=item.get("album", ""),
        is_whole=item.get("is_whole", False),
        fault=item.get("fault", ""),
        version=item["version"],
    )


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _is_there(item: Item, now: datetime) -> bool:
    return now < rows.at(item["expires_at"] * 1000)
