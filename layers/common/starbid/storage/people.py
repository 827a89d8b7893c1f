"""People and their API tokens in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from starbid.domain.people import Person
from starbid.services.ports import ApiToken
from starbid.storage import rows
from starbid.storage.codec import Item
from starbid.storage.errors import Unmet, aws_errors
from starbid.storage.models import PersonRow, person_from, wire_of
from starbid.storage.reading import Reader


class PeopleReads(Reader):
    """The part of `ports.Store` that is about people."""

    def person(self, user_id: int, *, consistent: bool = False) -> Person | None:
        item = self.get("users", {"user_id": user_id}, consistent=consistent)
        return person_from(item) if item else None

    def person_called(self, public_id: str) -> Person | None:
        items, _ = self.query("users", {"public_id": public_id}, index="by_public_id")
        return person_from(items[0]) if items else None

    def people(self, user_ids: Iterable[int]) -> dict[int, Person]:
        keys = [{"user_id": user_id} for user_id in dict.fromkeys(user_ids)]
        found = self.get_many({"users": keys})["users"]
        return {item["user_id"]: person_from(item) for item in found}

    def add_person(self, person: Person) -> Person:
        try:
            with aws_errors():
                self.client.put_item(
                    TableName=self.tables["users"],
                    Item=wire_of(PersonRow.of(person)),
                    ConditionExpression="attribute_not_exists(user_id)",
                )
        except Unmet:
            return self.person(person.id, consistent=True) or person
        return person

    def due_subscriptions(self, now: datetime, limit: int) -> list[int]:
        due = self.due("users", rows.shards("subscription"), rows.ms(now), limit)
        return [item["user_id"] for item in due][:limit]

    def token(self, digest: str) -> ApiToken | None:
        item = self.get("tokens", {"found_by": f"digest#{digest}", "digest": digest}, consistent=True)
        return token_from(item) if item else None

    def tokens_of(self, user_id: int) -> list[ApiToken]:
        items, _ = self.query("tokens", {"found_by": f"person#{user_id}"}, ConsistentRead=True)
        return sorted((token_from(item) for item in items), key=lambda token: token.created_at)


def token_keys(token: ApiToken) -> tuple[Item, Item]:
    """A token stands twice, so that both reads are consistent: by its digest, and under its owner."""
    places = f"digest#{token.digest}", f"person#{token.user_id}"
    by_digest, own = ({"found_by": place, "digest": token.digest} for place in places)
    return by_digest, own


def token_item(token: ApiToken) -> Item:
    return {
        "user_id": token.user_id,
        "name": token.name,
        "created_at": rows.ms(token.created_at),
    }


def token_from(item: Item) -> ApiToken:
    return ApiToken(item["digest"], item["user_id"], item["name"], rows.at(item["created_at"]))
