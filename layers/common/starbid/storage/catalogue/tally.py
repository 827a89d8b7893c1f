"""What is counted of the live lots: the words of their titles, categories, kinds and currencies.

Rows of the table `finds`, each with the number of its `lots`. A word is there twice: by its beginning, in the partition
of its first letter (`live#л`, `лампа`), and by its end, written backwards (`live-end#а`, `апмал`). The sorts of lots
are in one partition (`live`, `category#home`). A listing changes in one transaction with what it is counted in, so a
repeat counts nothing twice; a row is deleted with its last lot.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from starbid.services.ports import Listing
from starbid.storage.catalogue.terms import telling_words, words_of
from starbid.storage.clients import client
from starbid.storage.codec import Item, encode
from starbid.storage.reading import Reader

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

SORTS = "live"
MOST_WORDS = 12
"""Of one title."""
SHORTEST = 2

Place = tuple[str, str]
"""Of a count: term and ref."""


class DynamoLotWords(Reader):
    """Implements `ports.LotWords`."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        super().__init__(client("dynamodb"), tables)

    def words(self, text: str) -> tuple[str, ...]:
        return tuple(islice(words_of(text), MOST_WORDS))

    def beginning(self, letters: str, limit: int) -> Mapping[str, int]:
        return self._counts(_by_beginning(letters), limit)

    def ending(self, letters: str, limit: int) -> Mapping[str, int]:
        found = self._counts(_by_end(letters), limit)
        return {word[::-1]: lots for word, lots in found.items()}

    def sorts(self) -> Mapping[str, int]:
        items, _ = self.query("finds", {"term": SORTS})
        return {item["ref"]: int(item["lots"]) for item in items}

    def _counts(self, place: Place, limit: int) -> dict[str, int]:
        term, ref = place
        items, _ = self.query(
            "finds", {"term": term}, and_key=" AND begins_with(#ref, :ref)", names={"#ref": "ref"},
            values={":ref": ref}, Limit=limit,
        )  # fmt: skip
        return {item["ref"]: int(item["lots"]) for item in items}


def places(listing: Listing) -> frozenset[Place]:
    """Where a live lot is counted."""
    found = {(SORTS, f"{what}#{name}") for what, name in _sorts(listing)}
    for word in islice((word for word in telling_words(listing.title) if len(word) >= SHORTEST), MOST_WORDS):
        found |= {_by_beginning(word), _by_end(word)}
    return frozenset(found)


def changes(reader: Reader, before: Collection[Place], after: Collection[Place]) -> Iterator[TransactWriteItemTypeDef]:
    """The parts of a transaction that count a lot where it is `after`, no more where it was `before`.

    The last lot of a row takes it along: a part is refused where that is not so any more.
    """
    table = reader.tables["finds"]
    for place in sorted(set(after) - set(before)):
        yield {"Update": _added(table, place, 1)}
    gone = sorted(set(before) - set(after))
    if not gone:
        return
    items = reader.get_many({"finds": [_key(place) for place in gone]}, consistent=("finds",))["finds"]
    lots = {(item["term"], item["ref"]): int(item["lots"]) for item in items}
    for place in gone:
        if lots.get(place, 0) > 1:
            yield {"Update": _added(table, place, -1) | {"ConditionExpression": "lots > :one"} | _values(-1)}
        elif place in lots:
            yield {
                "Delete": {
                    "TableName": table,
                    "Key": encode(_key(place)),
                    "ConditionExpression": "lots = :one",
                    "ExpressionAttributeValues": encode({":one": 1}),
                }
            }


def _sorts(listing: Listing) -> tuple[tuple[str, str], ...]:
    return ("category", listing.category), ("kind", listing.kind), ("currency", listing.price.currency)


def _by_beginning(word: str) -> Place:
    return f"live#{word[:1]}", word


def _by_end(word: str) -> Place:
    backwards = word[::-1]
    return f"live-end#{backwards[:1]}", backwards


def _key(place: Place) -> Item:
    return {"term": place[0], "ref": place[1]}


def _added(table: str, place: Place, by: int) -> Any:
    return {
        "TableName": table,
        "Key": encode(_key(place)),
        "UpdateExpression": "ADD lots :by",
        "ExpressionAttributeValues": encode({":by": by}),
    }


def _values(by: int) -> Any:
    return {"ExpressionAttributeValues": encode({":by": by, ":one": 1})}
