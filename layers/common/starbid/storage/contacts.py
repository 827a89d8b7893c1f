"""Where people are reached by further channels: a row each, by person."""

from __future__ import annotations

import json
from collections.abc import Mapping

from starbid.services.ports import Contact
from starbid.storage import rows
from starbid.storage.clients import client
from starbid.storage.codec import Item, encode
from starbid.storage.conditional import put_if
from starbid.storage.errors import aws_errors
from starbid.storage.reading import Reader


class DynamoContacts:
    """Implements `ports.Contacts`."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        self._reader = Reader(client("dynamodb"), tables)
        self._table = tables["contacts"]

    def of(self, user_id: int) -> list[Contact]:
        items = self._reader.query_all("contacts", {"user_id": user_id}, ConsistentRead=True)
        return [contact_from(item) for item in items]

    def one(self, user_id: int, place: str) -> Contact | None:
        item = self._reader.get("contacts", contact_key(user_id, place), consistent=True)
        return contact_from(item) if item else None

    def put(self, contact: Contact) -> None:
        with aws_errors():
            self._reader.client.put_item(TableName=self._table, Item=encode(contact_item(contact)))

    def renew(self, contact: Contact) -> None:
        put_if(self._reader.client, self._table, contact_item(contact), "attribute_exists(place)", {})

    def drop(self, user_id: int, place: str) -> None:
        with aws_errors():
            self._reader.client.delete_item(TableName=self._table, Key=encode(contact_key(user_id, place)))


def contact_key(user_id: int, place: str) -> Item:
    return {"user_id": user_id, "place": place}


def contact_item(contact: Contact) -> Item:
    facts = {"facts": json.dumps(contact.facts), "since": rows.ms(contact.since)}
    return contact_key(contact.user_id, contact.place) | facts


def contact_from(item: Item) -> Contact:
    return Contact(item["user_id"], item["place"], json.loads(item["facts"]), rows.at(item["since"]))
