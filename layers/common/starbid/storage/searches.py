"""Saved searches: a row each in its person's list (`person#<id>`, by the search) and where it is filed (`word#<term>`
and the like, by search and person). Where any are filed a row `-` counts them, so that a lot asks for its many words
in batches.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from starbid.domain.criteria import Looking, query_of, read_query
from starbid.domain.saved_searches import SavedSearch
from starbid.services.ports import Contended
from starbid.storage import rows
from starbid.storage.clients import client
from starbid.storage.codec import Item, encode
from starbid.storage.errors import Cancelled, Unmet, aws_errors
from starbid.storage.reading import Reader

COUNT = "-"
"""Comes before every search of its place."""
SILENT = "attribute_exists(#ref) AND attribute_exists(silent)"
HEARD = "attribute_exists(#ref) AND attribute_not_exists(silent)"
"""Of a row in its person's list: whether new lots are told of, and so whether it is filed."""
TRIES = 6
"""At a word that many people save at once."""


class DynamoSearches:
    """Implements `ports.Searches`."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        self._reader = Reader(client("dynamodb"), tables)
        self._table = tables["searches"]

    def put(self, search: SavedSearch) -> None:
        facts = _facts(search)
        self._write(
            {"Put": self._only("attribute_not_exists(#ref)", Item=encode(_of_person(search) | facts))},
            {"Put": {"TableName": self._table, "Item": encode(_in_place(search) | facts)}},
            self._counted(search.filed, 1),
        )

    def tell(self, search: SavedSearch) -> None:
        if search.tells:
            heard = self._only(SILENT, Key=encode(_of_person(search)), UpdateExpression="REMOVE silent")
            row = {"TableName": self._table, "Item": encode(_in_place(search) | _facts(search))}
            self._write({"Update": heard}, {"Put": row}, self._counted(search.filed, 1))
        else:
            unheard = self._only(
                HEARD,
                Key=encode(_of_person(search)),
                UpdateExpression="SET silent = :yes",
                ExpressionAttributeValues=encode({":yes": True}),
            )
            self._write({"Update": unheard}, *self._unfiled(search))
            self._forget_empty(search.filed)

    def drop(self, search: SavedSearch) -> None:
        """Whether it is filed may have changed since it was read: then the other way is the right one."""
        key = encode(_of_person(search))
        silent = ({"Delete": self._only(SILENT, Key=key)},)
        filed = ({"Delete": self._only(HEARD, Key=key)}, *self._unfiled(search))
        for way in (filed, silent) if search.tells else (silent, filed):
            if self._write(*way):
                break
        self._forget_empty(search.filed)

    def _unfiled(self, search: SavedSearch) -> tuple[Any, ...]:
        row = {"TableName": self._table, "Key": encode(_in_place(search))}
        return {"Delete": row}, self._counted(search.filed, -1)

    def _forget_empty(self, place: str) -> None:
        with suppress(Unmet), aws_errors():
            self._reader.client.delete_item(
                TableName=self._table,
                Key=encode(_count(place)),
                ConditionExpression="searches <= :none",
                ExpressionAttributeValues=encode({":none": 0}),
            )

    def of(self, user_id: int) -> list[SavedSearch]:
        items = self._reader.query_all("searches", {"place": _person(user_id)}, ConsistentRead=True)
        return sorted(map(_search_from, items), key=lambda search: (search.saved_at, search.id))

    def used(self, places: Iterable[str]) -> tuple[str, ...]:
        counts = self._reader.get_many({"searches": [_count(place) for place in places]})["searches"]
        return tuple(sorted(item["place"] for item in counts if item["searches"] > 0))

    def filed(self, place: str, after: str, limit: int) -> tuple[tuple[SavedSearch, ...], str | None]:
        items, last = self._reader.query(
            "searches", {"place": place}, and_key=" AND #ref > :after", names={"#ref": "ref"},
            values={":after": after or COUNT}, Limit=limit,
        )  # fmt: skip
        return tuple(map(_search_from, items)), items[-1]["ref"] if last and items else None

    def _write(self, *parts: Any) -> bool:
        """One transaction; False where the condition of its first part says that there is nothing to do."""
        for number in range(TRIES):
            try:
                with aws_errors():
                    self._reader.client.transact_write_items(TransactItems=parts)
            except Cancelled as refused:
                if refused.unmet:
                    return False
                time.sleep(random.uniform(0, 0.02 * 2**number))
            else:
                return True
        raise Contended

    def _only(self, condition: str, **what: Any) -> dict[str, Any]:
        names = {"#ref": "ref"}
        return {"TableName": self._table, "ConditionExpression": condition, "ExpressionAttributeNames": names} | what

    def _counted(self, place: str, by: int) -> dict[str, Any]:
        return {
            "Update": {
                "TableName": self._table,
                "Key": encode(_count(place)),
                "UpdateExpression": "ADD searches :by",
                "ExpressionAttributeValues": encode({":by": by}),
            }
        }


def _person(user_id: int) -> str:
    return f"person#{user_id}"


def _of_person(search: SavedSearch) -> Item:
    return {"place": _person(search.user_id), "ref": search.id}


def _in_place(search: SavedSearch) -> Item:
    return {"place": search.filed, "ref": f"{search.id}#{search.user_id}"}


def _count(place: str) -> Item:
    return {"place": place, "ref": COUNT}


def _facts(search: SavedSearch) -> Item:
    """What is looked for as an address says it: that stays readable whatever else there will be to look for."""
    return {
        "search_id": search.id,
        "user_id": search.user_id,
        "query": query_of(Looking(search.criteria)),
        "filed": search.filed,
        "saved_at": rows.ms(search.saved_at),
    }


def _search_from(item: Item) -> SavedSearch:
    criteria = read_query(item["query"]).criteria
    saved_at, tells = rows.at(item["saved_at"]), "silent" not in item
    return SavedSearch(item["search_id"], item["user_id"], criteria, item["filed"], saved_at, tells)
