"""What a unit of writing is made of, and its verbs about people, their tokens and who is barred."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from starbid.domain.people import Person
from starbid.domain.restrictions import Limit
from starbid.services.ports import ApiToken
from starbid.storage import rows
from starbid.storage.codec import Item, Wire, encode, encode_value
from starbid.storage.finds import changed, person_keys
from starbid.storage.models import PersonRow, person_from, wire_of
from starbid.storage.people import token_from, token_item, token_keys

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef


@dataclass(frozen=True, slots=True)
class Part:
    """One item of the transaction; `read` makes a domain object of the present item where its condition fails."""

    what: str
    key: str
    action: TransactWriteItemTypeDef
    read: Callable[[Item], Any]


class Parts:
    """Collects the parts of one transaction."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        self._tables = tables
        self._parts: list[Part] = []

    def _add(
        self,
        what: str,
        key: str,
        table: str,
        verb: str,
        action: dict[str, Any],
        condition: str,
        values: Item,
        read: Callable[[Item], Any],
    ) -> None:
        action = action | {"TableName": self._tables[table], "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
        if condition:
            action["ConditionExpression"] = condition
        if values:
            action["ExpressionAttributeValues"] = {name: encode_value(value) for name, value in values.items()}
        self._parts.append(Part(what, key, cast("TransactWriteItemTypeDef", {verb: action}), read))


class PeopleVerbs(Parts):
    """The part of `ports.Unit` about people, who is barred, and API tokens."""

    def save_person(self, before: Person, after: Person) -> None:
        """With the words that find them, where those have changed."""
        action, values = {"Item": wire_of(PersonRow.of(after))}, {":version": before.version}
        self._add("person", str(after.id), "users", "Put", action, "version = :version", values, person_from)
        if (before.name, before.username) != (after.name, after.username):
            old, new = person_keys(before), person_keys(after)
            for part in changed(self._tables, old - new, new - old):
                self._parts.append(Part("find", str(after.id), part, dict))

    def mark_wallet(self, person: Person, currency: str) -> None:
        until = person.restrictions.end_of(Limit.BIDS)
        values: Item = {":blocked": person.blocked}
        bids = "SET no_bids_until = :until" if until else "REMOVE no_bids_until"
        values |= {":until": rows.ms(until)} if until else {}
        update = f"{bids}, blocked = :blocked" if until else f"SET blocked = :blocked {bids}"
        action = {"Key": wallet_key(person.id, currency), "UpdateExpression": update}
        self._add("wallet", str(person.id), "wallets", "Update", action, "", values, rows.wallet_from)

    def add_token(self, token: ApiToken, most: int) -> None:
        for key in token_keys(token):
            action = {"Item": encode(key | token_item(token))}
            self._add("token", token.digest, "tokens", "Put", action, "attribute_not_exists(found_by)", {}, token_from)
        condition = "blocked = :no AND (attribute_not_exists(tokens) OR tokens < :most)"
        self._count_token(token.user_id, 1, condition, {":no": False, ":most": most})

    def drop_token(self, token: ApiToken) -> None:
        by_digest, own = token_keys(token)
        for key, condition in ((own, "attribute_exists(found_by)"), (by_digest, "")):
            self._add("token", token.digest, "tokens", "Delete", {"Key": encode(key)}, condition, {}, token_from)
        self._count_token(token.user_id, -1, "attribute_exists(user_id)", {})

    def _count_token(self, user_id: int, change: int, condition: str, values: Item) -> None:
        """A new version of the person, so that nobody who read them before writes the former count."""
        action = {
            "Key": encode({"user_id": user_id}),
            "UpdateExpression": "ADD tokens :change, version :one",
        }
        values = values | {":change": change, ":one": 1}
        self._add("person", str(user_id), "users", "Update", action, condition, values, person_from)


def wallet_key(user_id: int, currency: str) -> Wire:
    return encode({"user_id": user_id, "currency": currency})
