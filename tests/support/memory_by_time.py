"""Everything of a kind by time, in memory, as `starbid.services.ports.ByTime` says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from starbid.domain.errors import Invalid
from starbid.domain.ledger import Transfer
from starbid.domain.lots import Lot
from starbid.domain.payments import Charge
from starbid.domain.payouts import Payout
from starbid.domain.people import Person
from starbid.services.ports import Chronicle, Page

from .memory_batch import lot_of
from .memory_lists import ms
from .memory_tables import Tables

T = TypeVar("T")


class MemoryByTime:
    """A part of FakeStore."""

    _read: Callable[..., Tables]

    def people_by_joining(
        self, since: datetime | None, until: datetime, *, limit: int = 50, cursor: str | None = None
    ) -> Page[Person]:
        people = list(self._read("people_by_joining", False).people.values())
        return newest(people, _joined, since, until, limit, cursor)

    def lots_by_creation(
        self, since: datetime | None, until: datetime, *, limit: int = 50, cursor: str | None = None
    ) -> Page[Lot]:
        tables = self._read("lots_by_creation", False)
        lots = [lot for lot in (lot_of(tables, auction_id) for auction_id in list(tables.auctions)) if lot]
        return newest(lots, _created, since, until, limit, cursor)

    def transfers_by_time(
        self, since: datetime | None, until: datetime, *, limit: int = 50, cursor: str | None = None
    ) -> Page[Transfer]:
        transfers = list(self._read("transfers_by_time", False).transfers.values())
        return newest(transfers, _made, since, until, limit, cursor)

    def payments_by_time(
        self, since: datetime | None, until: datetime, *, limit: int = 50, cursor: str | None = None
    ) -> Page[Charge | Payout]:
        tables = self._read("payments_by_time", False)
        payments: list[Charge | Payout] = [*tables.charges.values(), *tables.payouts.values()]
        return newest(payments, _paid, since, until, limit, cursor)

    def count_by_time(self, what: Chronicle, since: datetime | None, until: datetime, most: int) -> int:
        read: dict[Chronicle, Callable[..., Page[Any]]] = {
            Chronicle.PEOPLE: self.people_by_joining,
            Chronicle.LOTS: self.lots_by_creation,
            Chronicle.TRANSFERS: self.transfers_by_time,
            Chronicle.PAYMENTS: self.payments_by_time,
        }
        return len(read[what](since, until, limit=most + 1).items)


def newest(
    items: Iterable[T],
    order: Callable[[T], tuple[datetime, str]],
    since: datetime | None,
    until: datetime,
    limit: int,
    cursor: str | None,
) -> Page[T]:
    """From `since` on and before `until`. A page goes on after the last one's end, whatever has come since."""

    def key(item: T) -> str:
        moment, item_id = order(item)
        return f"{ms(moment):013}#{item_id}"

    end = _read_end(cursor) if cursor else f"{ms(until):013}"
    first = f"{ms(since):013}" if since else ""
    found = sorted((item for item in items if first <= key(item) < min(end, f"{ms(until):013}")), key=key, reverse=True)
    return Page(tuple(found[:limit]), json.dumps({"end": key(found[limit - 1])}) if len(found) > limit else None)


def _read_end(cursor: str) -> str:
    try:
        return str(json.loads(cursor)["end"])
    except (ValueError, KeyError, TypeError):
        raise Invalid("cursor", "choice") from None


def _joined(person: Person) -> tuple[datetime, str]:
    return person.joined_at, str(person.id)


def _created(lot: Lot) -> tuple[datetime, str]:
    return lot.card.created_at, lot.auction.id


def _made(transfer: Transfer) -> tuple[datetime, str]:
    return transfer.at, transfer.id


def _paid(payment: Charge | Payout) -> tuple[datetime, str]:
    if isinstance(payment, Charge):
        return payment.paid_at, f"charge#{payment.id}"
    return payment.created_at, f"payout#{payment.id}"
