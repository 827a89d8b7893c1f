"""Batches of reading of the in-memory store, as the docstrings of `starbid.services.ports.ReadBatch` have them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from starbid.domain.auction import Auction, Bid
from starbid.domain.lots import Lot
from starbid.domain.pause import Pauses
from starbid.domain.pausing import under
from starbid.domain.people import Person
from starbid.domain.wallet import Wallet
from starbid.services.ports import Found, IdempotencyRecord, Line, Records, Watches, mute_of, photo_of, questions_of

from .memory_tables import Tables

T = TypeVar("T")
MOST_ITEMS = 100
"""What one BatchGetItem asks for."""


class BatchReader(Protocol):
    scratch: Records | None
    watches: Watches | None

    def fetch(self, batch: MemoryBatch) -> None: ...


@dataclass(frozen=True)
class Want:
    """What one verb asks for: `read` makes it of the tables."""

    verb: str
    table: str
    read: Callable[[Tables], Any]
    found: Found[Any]


class MemoryBatch:
    """Collects reads; the store makes all of them under its lock, of its tables as they are or as they were."""

    def __init__(self, store: BatchReader) -> None:
        self._store = store
        self._items: set[tuple[object, ...]] = set()
        self.consistent: set[str] = set()
        """The tables that are read so."""
        self.wants: list[Want] = []

    @property
    def name(self) -> str:
        """What it reads, for the list of round trips."""
        return "+".join(dict.fromkeys(want.verb for want in self.wants))

    def auction(self, auction_id: str, *, consistent: bool = False) -> Found[Auction | None]:
        keys = [("auctions", auction_id, "state"), ("auctions", "pauses")]
        return self._want("auction", keys, lambda tables: auction_of(tables, auction_id), consistent)

    def lot(self, auction_id: str, *, consistent: bool = False) -> Found[Lot | None]:
        keys = [*(("auctions", auction_id, part) for part in ("state", "card", "deal")), ("auctions", "pauses")]
        return self._want("lot", keys, lambda tables: lot_of(tables, auction_id), consistent)

    def bid(self, auction_id: str, number: int) -> Found[Bid | None]:
        keys = [("bids", auction_id, number)]
        return self._want("bid", keys, lambda tables: tables.bids.get((auction_id, number)), consistent=True)

    def wallet(self, user_id: int, currency: str, *, consistent: bool = False) -> Found[Wallet | None]:
        keys = [("wallets", user_id, currency)]
        return self._want("wallet", keys, lambda tables: tables.wallets.get((user_id, currency)), consistent)

    def person(self, user_id: int, *, consistent: bool = False) -> Found[Person | None]:
        keys = [("users", user_id)]
        return self._want("person", keys, lambda tables: tables.people.get(user_id), consistent)

    def watch_mark(self, user_id: int, auction_id: str, now: datetime) -> Found[bool]:
        def there(_: Tables) -> bool:
            assert self._store.watches is not None
            return self._store.watches.mark(user_id, auction_id, now) is not None

        return self._want("watch_mark", [("watches", user_id, auction_id)], there)

    def is_muted(self, user_id: int, auction_id: str, now: datetime) -> Found[bool]:
        keys = [("scratch", user_id, "mute", auction_id)]
        return self._want(
            "is_muted", keys, lambda _: self._scratch.member(*mute_of(user_id, auction_id), now) is not None
        )

    def question(self, user_id: int, now: datetime) -> Found[dict[str, Any] | None]:
        keys = [("scratch", user_id, "question")]
        return self._want("question", keys, lambda _: self._scratch.member(*questions_of(user_id), now))

    def file_id(self, picture_id: str | None, now: datetime) -> Found[str | None]:
        def read(_: Tables) -> str | None:
            record = self._scratch.get(photo_of(picture_id), now)
            return record["file_id"] if record else None

        return self._want("file_id", [("scratch", "photo", picture_id)], read)

    def line(self, auction_id: str, *, consistent: bool = False) -> Found[Line | None]:
        keys = [("intents", auction_id, "lease")]
        return self._want("line", keys, lambda tables: line_of(tables, auction_id), consistent)

    def record(self, key: str) -> Found[IdempotencyRecord | None]:
        keys = [("idempotency", key)]
        return self._want("record", keys, lambda tables: tables.idempotency_records.get(key), consistent=True)

    def fetch(self) -> None:
        assert self.wants, "a batch asks for something"
        assert len(self._items) <= MOST_ITEMS
        self._store.fetch(self)

    @property
    def _scratch(self) -> Records:
        assert self._store.scratch is not None
        return self._store.scratch

    def _want(
        self, verb: str, keys: list[tuple[Any, ...]], read: Callable[[Tables], T], consistent: bool = False
    ) -> Found[T]:
        table = keys[0][0]
        self._items |= set(keys)
        self.consistent |= {table} if consistent else set()
        found: Found[T] = Found()
        self.wants.append(Want(verb, table, read, found))
        return found


def line_of(tables: Tables, auction_id: str) -> Line | None:
    lease = tables.leases.get(auction_id)
    return Line(lease.until) if lease else None


def auction_of(tables: Tables, auction_id: str) -> Auction | None:
    """As every reader gets it: under the pauses."""
    auction = tables.auctions.get(auction_id)
    return under(auction, pauses_of(tables).history) if auction else None


def pauses_of(tables: Tables) -> Pauses:
    return tables.pauses.get("", Pauses())


def lot_of(tables: Tables, auction_id: str) -> Lot | None:
    auction = auction_of(tables, auction_id)
    return Lot(auction, tables.cards[auction_id], tables.deals.get(auction_id)) if auction else None
