"""A batch of reading as one BatchGetItem call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from starbid.domain.auction import Auction, Bid
from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.domain.wallet import Wallet
from starbid.services.ports import Found, IdempotencyRecord, Line, mute_of, photo_of, questions_of
from starbid.storage import rows
from starbid.storage.codec import Item
from starbid.storage.intent_rows import lease_key, line_from
from starbid.storage.lots import auction_from, lot_from, lot_keys, part_key
from starbid.storage.models import person_from
from starbid.storage.pauses import any_pauses_key
from starbid.storage.reading import Reader
from starbid.storage.scratch import ALONE, value_of
from starbid.storage.unit import idempotency_from, idempotency_key
from starbid.storage.watches import mark_from, mark_key

T = TypeVar("T")


class DynamoBatch:
    """Implements `ports.ReadBatch`."""

    def __init__(self, reader: Reader) -> None:
        self._reader, self._pauses_key = reader, any_pauses_key()
        self._keys: dict[str, list[Item]] = {}
        self._consistent: set[str] = set()
        self._wanted: list[tuple[Callable[[list[Item]], None], str, list[Item]]] = []

    def auction(self, auction_id: str, *, consistent: bool = False) -> Found[Auction | None]:
        return self._want("auctions", [part_key(auction_id, "state"), self._pauses_key], auction_from, consistent)

    def lot(self, auction_id: str, *, consistent: bool = False) -> Found[Lot | None]:
        return self._want("auctions", [*lot_keys(auction_id), self._pauses_key], lot_from, consistent)

    def bid(self, auction_id: str, number: int) -> Found[Bid | None]:
        return self._one("bids", {"auction_id": auction_id, "number": number}, rows.bid_from, consistent=True)

    def wallet(self, user_id: int, currency: str, *, consistent: bool = False) -> Found[Wallet | None]:
        return self._one("wallets", {"user_id": user_id, "currency": currency}, rows.wallet_from, consistent)

    def person(self, user_id: int, *, consistent: bool = False) -> Found[Person | None]:
        return self._one("users", {"user_id": user_id}, person_from, consistent)

    def watch_mark(self, user_id: int, auction_id: str, now: datetime) -> Found[bool]:
        def there(items: list[Item]) -> bool:
            return any(mark_from(item, now) for item in items)

        return self._want("watches", [mark_key(user_id, auction_id)], there, consistent=True)

    def is_muted(self, user_id: int, auction_id: str, now: datetime) -> Found[bool]:
        group, member = mute_of(user_id, auction_id)
        key = {"pk": group, "sk": member}
        return self._want("scratch", [key], lambda items: _record(items, now) is not None, consistent=True)

    def question(self, user_id: int, now: datetime) -> Found[dict[str, Any] | None]:
        group, member = questions_of(user_id)
        return self._want("scratch", [{"pk": group, "sk": member}], lambda items: _record(items, now), consistent=True)

    def file_id(self, picture_id: str | None, now: datetime) -> Found[str | None]:
        def read(items: list[Item]) -> str | None:
            record = _record(items, now)
            return record["file_id"] if record else None

        return self._want("scratch", [{"pk": photo_of(picture_id), "sk": ALONE}], read, consistent=False)

    def line(self, auction_id: str, *, consistent: bool = False) -> Found[Line | None]:
        return self._one("intents", lease_key(auction_id), line_from, consistent)

    def record(self, key: str) -> Found[IdempotencyRecord | None]:
        return self._one("scratch", idempotency_key(key), idempotency_from, consistent=True)

    def fetch(self) -> None:
        found = self._reader.get_many(self._keys, consistent=self._consistent)
        for fill, table, keys in self._wanted:
            items = found[table]
            if len(keys) < len(self._keys[table]):  # other verbs read of this table too
                items = [item for item in items if any(key.items() <= item.items() for key in keys)]
            fill(items)

    def _one(self, table: str, key: Item, read: Callable[[Item], T], consistent: bool) -> Found[T | None]:
        return self._want(table, [key], lambda items: read(items[0]) if items else None, consistent)

    def _want(self, table: str, keys: list[Item], read: Callable[[list[Item]], T], consistent: bool) -> Found[T]:
        """`read` makes the value of those items of `keys` that exist."""
        asked = self._keys.setdefault(table, [])
        asked += [key for key in keys if key not in asked]  # DynamoDB refuses a key that is there twice
        if consistent:
            self._consistent.add(table)
        wanted: Found[T] = Found()
        self._wanted.append((lambda items: wanted.fill(read(items)), table, keys))
        return wanted


def _record(items: list[Item], now: datetime) -> dict[str, Any] | None:
    return value_of(items[0], now) if items else None
