"""The lines of lots: bids that wait, in four places each, so that no partition has to take all of a crowd."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from starbid.domain.intents import Intent, Outcome
from starbid.services.ports import Contended, Line, Throttled, Unavailable
from starbid.storage import intent_rows, rows
from starbid.storage.clients import client
from starbid.storage.codec import Item, encode, encode_value
from starbid.storage.errors import Unmet, aws_errors
from starbid.storage.reading import Reader

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

JUST_DECIDED = 32
"""So many may stand in front of those who wait in a place, until they have read what became of them: with them on the
first page there is no second round trip.
"""


class DynamoIntents:
    """Implements `ports.Intents`; one per process, thread-safe."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        self._reader = Reader(client("dynamodb"), tables)
        self._table = tables["intents"]

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        from concurrent.futures import ThreadPoolExecutor

        return ThreadPoolExecutor(intent_rows.PLACES, "places of a line")

    def take_lease(self, auction_id: str, holder: str, until: datetime, now: datetime) -> bool:
        change = "SET holder = :holder, leased_until = :until, expires_at = :end"
        condition = "attribute_not_exists(holder) OR leased_until <= :now OR holder = :holder"
        values = {":until": rows.ms(until), ":now": rows.ms(now), ":end": intent_rows.lease_end(until)}
        try:
            self._update(intent_rows.lease_key(auction_id), change, condition, {":holder": holder} | values)
        except Unmet:
            return False
        return True

    def give_back_lease(self, auction_id: str, holder: str, now: datetime) -> None:
        values = {":holder": holder, ":now": rows.ms(now)}
        with suppress(Unmet):
            self._update(intent_rows.lease_key(auction_id), "SET leased_until = :now", "holder = :holder", values)

    def add(self, intent: Intent) -> None:
        item = encode(intent_rows.intent_item(intent))
        with suppress(Unmet), _writing():
            self._reader.client.put_item(
                TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(id)"
            )

    def waiting(self, auction_id: str, most: int) -> list[Intent]:
        return self.ask_waiting(auction_id, most)()

    def ask_waiting(self, auction_id: str, most: int) -> Callable[[], list[Intent]]:
        found = self._threads.map(lambda place: self._waiting_at(place, most), intent_rows.places(auction_id))
        return lambda: sorted((intent for each in found for intent in each), key=lambda intent: intent.order)[:most]

    def _waiting_at(self, place: str, most: int) -> list[Intent]:
        """The first `most` of a place: all of the line's first may stand in one."""
        found: list[Intent] = []
        start: dict[str, Any] = {}
        while True:
            items, last = self._reader.query(
                "intents",
                {"place": place},
                FilterExpression="attribute_not_exists(outcome)",
                ConsistentRead=True,
                Limit=2 * most + JUST_DECIDED,
                **start,
            )
            found += map(intent_rows.intent_from, items)
            if last is None or len(found) >= most:
                return found
            start = {"ExclusiveStartKey": last}

    def outcome_and_line(self, intent: Intent) -> tuple[Outcome | None, Line | None]:
        key, lease = intent_rows.intent_key(intent), intent_rows.lease_key(intent.auction_id)
        items = {item["place"]: item for item in self._reader.get_many({"intents": [key, lease]})["intents"]}
        line = items.get(lease["place"])
        return _outcome(items.get(key["place"])), intent_rows.line_from(line) if line else None

    def withdraw(self, intent: Intent) -> Outcome | None:
        """First marked, then deleted: had it only been deleted, a second try of botocore's, after a lost answer, could
        not tell whether it was withdrawn or had been decided and dropped. What is not there at all may be either.
        """
        key = intent_rows.intent_key(intent)
        try:
            withdrawn = {":withdrawn": intent_rows.WITHDRAWN}
            self._update(key, "SET outcome = :withdrawn", intent_rows.UNDECIDED, withdrawn)
        except Unmet:
            item = self._reader.get("intents", key, consistent=True)
            if item is None:
                raise Unavailable("the bid does not wait, and nobody knows what became of it") from None
            outcome = _outcome(item)
            if outcome is not None:
                return outcome
        self.drop(intent)
        return None

    def drop(self, intent: Intent) -> None:
        with suppress(Contended, Unavailable), aws_errors():
            key = encode(intent_rows.intent_key(intent))
            self._reader.client.delete_item(TableName=self._table, Key=key)

    def _update(self, key: Item, change: str, condition: str, values: Item) -> None:
        """Raises Unmet, Contended, Unavailable."""
        with _writing():
            self._reader.client.update_item(
                TableName=self._table,
                Key=encode(key),
                UpdateExpression=change,
                ConditionExpression=condition,
                ExpressionAttributeValues={name: encode_value(value) for name, value in values.items()},
            )


@contextmanager
def _writing() -> Iterator[None]:
    """As of a unit: what was throttled did not happen, and may be tried again."""
    try:
        with aws_errors():
            yield
    except Throttled as busy:
        raise Contended(*busy.args) from busy


def _outcome(item: Item | None) -> Outcome | None:
    return intent_rows.outcome_of(item) if item else None
