"""People and their API tokens in DynamoDB."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from pynamodb.exceptions import PutError

from starbid.domain.people import PaidDays, Person, Reputation
from starbid.domain.renewals import Renewal, RenewalState
from starbid.domain.sessions import EndedSessions
from starbid.services.ports import ApiToken, Unavailable
from starbid.storage import rows
from starbid.storage.codec import Item
from starbid.storage.models import PersonRow
from starbid.storage.reading import Reader

_COUNTERS = tuple(Reputation().counters())


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
            PersonRow.of(person).save(condition=PersonRow.user_id.does_not_exist())
        except PutError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise Unavailable(str(error.cause_response_code)) from error
            return self.person(person.id, consistent=True) or person
        return person

    def due_subscriptions(self, now: datetime, limit: int) -> list[int]:
        due = self.due("users", rows.shards("subscription"), rows.ms(now), limit)
        return [item["user_id"] for item in due][:limit]

    def token(self, digest: str) -> ApiToken | None:
        item = self.get("scratch", {"pk": f"token#{digest}", "sk": "-"}, consistent=True)
        return token_from(item) if item else None

    def tokens_of(self, user_id: int) -> list[ApiToken]:
        items, _ = self.query("scratch", {"pk": f"tokens#{user_id}"}, ConsistentRead=True)
        return sorted((token_from(item) for item in items), key=lambda token: token.created_at)


def person_from(item: Item) -> Person:
    """What `PersonRow` wrote. Read by the codec: pynamodb takes fifteen times as long, on every page."""
    until = item.get("subscribed_until")
    return Person(
        id=item["user_id"],
        name=item["name"],
        username=item.get("username"),
        language=item["language"],
        joined_at=rows.at(item["joined_at"]),
        subscribed_until=rows.at(until) if until else None,
        paid_days=tuple(PaidDays(source, rows.at(b), rows.at(e)) for source, b, e in item.get("paid_days", ())),
        renewals=tuple(Renewal(o, RenewalState(s), n, rows.at(at)) for o, s, n, at in item.get("renewals", ())),
        blocked=item.get("blocked", False),
        unreachable=item.get("unreachable", False),
        reputation=Reputation(**{name: item[name] for name in _COUNTERS if name in item}),
        version=item["version"],
        public_id=item.get("public_id", ""),
        ended_sessions=_ended_sessions(item),
        tokens=item.get("tokens", 0),
    )


def _ended_sessions(item: Item) -> EndedSessions:
    since, logouts = item.get("sessions_from"), item.get("logouts")
    if since is None and logouts is None:
        return EndedSessions()
    ended = {nonce: rows.at(moment) for nonce, moment in json.loads(logouts or "{}").items()}
    return EndedSessions(rows.at(since) if since is not None else None, ended)


def token_keys(token: ApiToken) -> tuple[Item, Item]:
    """By its digest, and under its owner."""
    return {"pk": f"token#{token.digest}", "sk": "-"}, {"pk": f"tokens#{token.user_id}", "sk": token.digest}


def token_item(token: ApiToken) -> Item:
    return {
        "digest": token.digest,
        "user_id": token.user_id,
        "name": token.name,
        "created_at": rows.ms(token.created_at),
    }


def token_from(item: Item) -> ApiToken:
    return ApiToken(item["digest"], item["user_id"], item["name"], rows.at(item["created_at"]))
