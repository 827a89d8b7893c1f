"""People and their API tokens in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from starbid.domain.people import Person
from starbid.services.ports import ApiToken, Contended, Page, PeopleList
from starbid.storage import rows
from starbid.storage.codec import Item, Wire, encode
from starbid.storage.errors import Cancelled, aws_errors
from starbid.storage.finds import changed, person_keys
from starbid.storage.models import PersonRow, person_from, wire_of
from starbid.storage.reading import Reader, read_cursors, write_cursor

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

INDEXES = {
    PeopleList.ALL: "by_joined",
    PeopleList.BLOCKED: "blocked",
    PeopleList.RESTRICTED: "restricted",
    PeopleList.SELLING: "selling",
    PeopleList.ROLE: "with_role",
}


@dataclass(frozen=True, slots=True)
class _Shard:
    """What was read of one shard of a list: from behind `start` on (`{}`: the front), and whether there is more."""

    name: str
    start: Wire
    items: list[Item]
    goes_on: bool

    def after(self, taken: int) -> Wire | None:
        """Where it goes on behind the first `taken` rows; None where nothing is left."""
        if taken == len(self.items) and not self.goes_on:
            return None
        if not taken:
            return self.start
        last = self.items[taken - 1]
        return encode({"user_id": last["user_id"], "joined_at": last["joined_at"]})


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

    def people_listed(
        self, which: PeopleList, *, backward: bool = True, limit: int = 50, cursor: str | None = None
    ) -> Page[int]:
        starts: Mapping[str, Wire | None] = read_cursors(cursor) if cursor else {}
        read = [
            self._listed(which, shard, backward, limit, starts.get(shard))
            for shard in rows.shards(which)
            if starts.get(shard, {}) is not None
        ]
        places = [(item["joined_at"], shard.name) for shard in read for item in shard.items]
        taken = [name for _, name in sorted(places, key=itemgetter(0), reverse=backward)[:limit]]
        found = [item for shard in read for item in shard.items[: taken.count(shard.name)]]
        found.sort(key=itemgetter("joined_at"), reverse=backward)
        ends: dict[str, Wire | None] = dict.fromkeys(rows.shards(which))
        ends |= {shard.name: shard.after(taken.count(shard.name)) for shard in read}
        more = any(end is not None for end in ends.values())
        return Page(tuple(item["user_id"] for item in found), write_cursor(ends) if more else None)

    def _listed(self, which: PeopleList, shard: str, backward: bool, limit: int, start: Wire | None) -> _Shard:
        key = f"{which}_shard"
        options: dict[str, Any] = {"ExclusiveStartKey": start | encode({key: shard})} if start else {}
        items, last = self.query(
            "users", {key: shard}, index=INDEXES[which], Limit=limit, ScanIndexForward=not backward, **options
        )
        return _Shard(shard, start or {}, items, last is not None)

    def add_person(self, person: Person) -> Person:
        """With the words that find them, in one transaction. Two of one newcomer at once: one is first."""
        items: list[TransactWriteItemTypeDef] = [
            {
                "Put": {
                    "TableName": self.tables["users"],
                    "Item": wire_of(PersonRow.of(person)),
                    "ConditionExpression": "attribute_not_exists(user_id)",
                }
            },
            *changed(self.tables, (), person_keys(person)),
        ]
        try:
            with aws_errors():
                self.client.transact_write_items(TransactItems=items)
        except Cancelled as cancelled:
            known = self.person(person.id, consistent=True)
            if known is None and cancelled.busy:
                raise Contended(*cancelled.args) from cancelled
            return known or person
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
