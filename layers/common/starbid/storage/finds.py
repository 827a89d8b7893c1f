"""The words that people and lots are found by: `term` is what it is and the first sign of a word, `ref` the word and
the id. So a beginning is a range of one partition, and half a name needs no more rows than a whole one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from starbid.domain.people import Person
from starbid.services.ports import Page
from starbid.storage.catalogue.terms import words_of
from starbid.storage.clients import client
from starbid.storage.codec import encode
from starbid.storage.errors import Cancelled, aws_errors
from starbid.storage.models import person_from
from starbid.storage.reading import Reader, read_cursor, write_cursor

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

PERSON, LOT = "person", "lot"
MOST_WORDS = 12
"""Of one name, or one title."""
KEEPING_TRIES = 5


class DynamoFinds(Reader):
    """Implements `ports.Finds`."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        super().__init__(client("dynamodb"), tables)

    def words(self, text: str) -> tuple[str, ...]:
        return tuple(islice(words_of(text), MOST_WORDS))

    def people(self, word: str, *, limit: int = 50, cursor: str | None = None) -> Page[int]:
        found = self._beginning(PERSON, word, limit, cursor)
        return Page(tuple(map(int, found.items)), found.cursor)

    def lots(self, word: str, *, limit: int = 50, cursor: str | None = None) -> Page[str]:
        return self._beginning(LOT, word, limit, cursor)

    def keep_person(self, user_id: int) -> None:
        """With the condition that they are as they were read: a change that comes in between keeps its own words."""
        for _ in range(KEEPING_TRIES):
            item = self.get("users", {"user_id": user_id}, consistent=True)
            if item is None:
                return
            person = person_from(item)
            same: TransactWriteItemTypeDef = {
                "ConditionCheck": {
                    "TableName": self.tables["users"],
                    "Key": encode({"user_id": user_id}),
                    "ConditionExpression": "version = :version",
                    "ExpressionAttributeValues": encode({":version": person.version}),
                }
            }
            words = changed(self.tables, (), person_keys(person))
            try:
                with aws_errors():
                    self.client.transact_write_items(TransactItems=[same, *words])
            except Cancelled:
                continue
            return

    def keep_lot(self, auction_id: str, title: str, former: Iterable[str] = ()) -> None:
        after = keys(LOT, words_of(title), auction_id)
        before = {key for old in former for key in keys(LOT, words_of(old), auction_id)}
        changes = list(changed(self.tables, before - after, after))
        if changes:
            with aws_errors():
                self.client.transact_write_items(TransactItems=changes)

    def _beginning(self, what: str, word: str, limit: int, cursor: str | None) -> Page[str]:
        key = {"term": _term(what, word)}
        options: dict[str, Any] = {"ExclusiveStartKey": read_cursor(cursor) | encode(key)} if cursor else {}
        items, last = self.query(
            "finds", key, and_key=" AND begins_with(#ref, :word)", names={"#ref": "ref"}, values={":word": word},
            Limit=limit, **options,
        )  # fmt: skip
        place = {name: value for name, value in (last or {}).items() if name != "term"}
        return Page(tuple(item["ref"].rpartition("#")[2] for item in items), write_cursor(place) if place else None)


Key = tuple[str, str]
"""Of a row: term and ref."""


def keys(what: str, words: Iterable[str], of: str | int) -> set[Key]:
    return {(_term(what, word), f"{word}#{of}") for word in islice(words, MOST_WORDS)}


def person_keys(person: Person) -> set[Key]:
    """By each word of the name, and by the user name as a whole."""
    return keys(PERSON, words_of(person.name), person.id) | keys(PERSON, words_of(person.username or ""), person.id)


def changed(tables: Mapping[str, str], gone: Iterable[Key], new: Iterable[Key]) -> Iterator[TransactWriteItemTypeDef]:
    """As parts of a transaction."""
    for term, ref in sorted(gone):
        yield {"Delete": {"TableName": tables["finds"], "Key": encode({"term": term, "ref": ref})}}
    for term, ref in sorted(new):
        yield {"Put": {"TableName": tables["finds"], "Item": encode({"term": term, "ref": ref})}}


def _term(what: str, word: str) -> str:
    return f"{what}#{word[:1]}"
