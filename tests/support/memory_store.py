"""The in-memory store: isolated units, optionally stale reads, and a count of its round trips."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar

from starbid.domain.auction import Auction, Bid
from starbid.domain.deal_ratings import counted_review
from starbid.domain.deals import Deal, DealState
from starbid.domain.errors import NotFound
from starbid.domain.events import AnyEvent
from starbid.domain.ledger import Transfer
from starbid.domain.lots import Lot
from starbid.domain.money import CURRENCIES
from starbid.domain.pause import Pauses
from starbid.domain.pausing import under
from starbid.domain.people import Person
from starbid.domain.wallet import Wallet
from starbid.services.auctions.browsing import listing_of
from starbid.services.ports import (
    ApiToken,
    ConditionFailed,
    IdempotencyRecord,
    Page,
    PeopleList,
    Records,
    Reviewed,
    StoredAuction,
    Watches,
)

from .failing import Failing
from .fake_catalogue import FakeCatalogue
from .memory_batch import MemoryBatch, auction_of, lot_of, pauses_of
from .memory_bids import MemoryBids
from .memory_by_time import MemoryByTime
from .memory_lists import ms, page_of
from .memory_payments import MemoryPayments
from .memory_payouts import MemoryPayouts
from .memory_tables import Tables
from .memory_unit import MemoryUnit

T = TypeVar("T")


class FakeStore(MemoryBids, MemoryPayments, MemoryPayouts, MemoryByTime, Failing):
    """Keeps everything in dicts.

    `trips` names every round trip. `lag = True` freezes what reads that are not `consistent` see; False lets them see
    everything again. Planted faults hit the next commits. `take_stream()` hands out what the streams would carry.
    """

    def __init__(self) -> None:
        super().__init__()
        self.tables = Tables()
        self.scratch: Records | None = None
        self.watches: Watches | None = None
        """Where small records are, which some reads bring along."""
        self.trips: list[str] = []
        self._old: Tables | None = None
        self._stream: list[Bid | AnyEvent] = []
        self._changed: dict[str, None] = {}
        self._debtors: dict[tuple[int, str], None] = {}
        self._lock = Lock()
        self.catalogue = FakeCatalogue(self)

    # --- what tests do with it ------------------------------------------------------------------------------------

    @property
    def lag(self) -> bool:
        return self._old is not None

    @lag.setter
    def lag(self, lag: bool) -> None:
        self._old = self.tables.snapshot() if lag else None

    @property
    def seen_late(self) -> Tables:
        """What reads that are not consistent see."""
        return self._old or self.tables

    def take_stream(self) -> list[Bid | AnyEvent]:
        """Bid rows and events committed since the last call, in order."""
        with self._lock:
            taken, self._stream = self._stream, []
        return taken

    def bring_back(self, records: Sequence[Bid | AnyEvent]) -> None:
        """For another reader: they are taken again, before what came since."""
        with self._lock:
            self._stream = [*records, *self._stream]

    def take_debtors(self) -> list[tuple[int, str]]:
        """Wallets (person, currency) that changed since the last call and have or had a debt, as in the stream."""
        with self._lock:
            taken, self._debtors = list(self._debtors), {}
        return taken

    def project(self, now: datetime) -> list[str]:
        """Update the listings, as the projector does; returns the lots that changed."""
        with self._lock:
            changed, self._changed = list(self._changed), {}
        for auction_id in changed:
            lot = self.lot(auction_id, consistent=True)
            self.catalogue.put(listing_of(lot, now), lot.card.description)
        return changed

    def block(self, user_id: int, blocked: bool = True) -> None:
        """The effect of a block: the person and their wallets have it."""
        with self._lock:
            people = self.tables.people
            if user_id in people:
                people[user_id] = replace(people[user_id], blocked=blocked, version=people[user_id].version + 1)
            for currency in CURRENCIES:
                self.tables.mark((user_id, currency), blocked=blocked)

    # --- units, batches -------------------------------------------------------------------------------------------

    def unit(self) -> MemoryUnit:
        return MemoryUnit(self)

    def batch(self) -> MemoryBatch:
        return MemoryBatch(self)

    def fetch(self, batch: MemoryBatch) -> None:
        old = self._read(batch.name, consistent=False)
        with self._lock:
            for want in batch.wants:
                want.found.fill(want.read(self.tables if want.table in batch.consistent else old))

    def commit(self, unit: MemoryUnit) -> None:
        self.trips.append("commit")
        with self._deed(), self._lock:
            refusals = tuple(refusal for check in unit.checks if (refusal := check(self.tables)))
            if refusals:
                raise ConditionFailed(refusals)
            before, wallets = (dict(self.tables.auctions), dict(self.tables.cards)), dict(self.tables.wallets)
            for write in unit.writes:
                write(self.tables)
            self._record(unit, *before)
            for key, wallet in self.tables.wallets.items():
                old = wallets.get(key)
                if wallet is not old and (wallet.owed or (old and old.owed)):
                    self._debtors[key] = None

    def _record(self, unit: MemoryUnit, auctions: dict[str, Any], cards: dict[str, Any]) -> None:
        for record in unit.stream:
            if isinstance(record, Bid):
                self._stream.append(record)
            elif record.id not in self.tables.events:
                self.tables.events[record.id] = record
                self._stream.append(record)
        for old, new in ((auctions, self.tables.auctions), (cards, self.tables.cards)):
            self._changed |= dict.fromkeys(key for key, item in new.items() if old.get(key) is not item)

    @contextmanager
    def held(self, name: str, consistent: bool = True) -> Iterator[Tables]:
        """The tables, for a round trip of another port that nothing comes in between."""
        tables = self._read(name, consistent)
        with self._lock:
            yield tables

    def _read(self, name: str, consistent: bool = True) -> Tables:
        self.trips.append(name)
        return self.tables if consistent or self._old is None else self._old

    # --- lots -----------------------------------------------------------------------------------------------------

    def auction(self, auction_id: str, *, consistent: bool = False) -> Auction:
        tables = self._read("auction", consistent)
        with self._lock:
            auction = auction_of(tables, auction_id)
        if auction is None:
            raise NotFound
        return auction

    def pauses(self, *, consistent: bool = False) -> Pauses:
        return pauses_of(self._read("pauses", consistent))

    def due_after(self, since: datetime, limit: int, cursor: str | None = None) -> tuple[list[str], str | None]:
        due = self._all("auctions", lambda a: not a.is_final and a.due_at > since)
        page = page_of(due, lambda a: (ms(a.due_at), a.id), limit, cursor)
        return [auction.id for auction in page.items], page.cursor

    def stored(self, auction_ids: Iterable[str]) -> list[StoredAuction]:
        tables = self._read("stored")
        with self._lock:
            rows = [tables.auctions[auction_id] for auction_id in auction_ids if auction_id in tables.auctions]
            return [StoredAuction(row, under(row, pauses_of(tables).history)) for row in rows]

    def lot(self, auction_id: str, *, consistent: bool = False) -> Lot:
        tables = self._read("lot", consistent)
        with self._lock:
            return _lot(tables, auction_id)

    def lots(self, auction_ids: Iterable[str]) -> dict[str, Lot]:
        tables = self._read("lots", consistent=False)
        with self._lock:
            return {key: _lot(tables, key) for key in auction_ids if key in tables.auctions}

    def due_auctions(self, now: datetime, limit: int) -> list[str]:
        due = self._all("auctions", lambda a: not a.is_final and a.due_at <= now)
        return [auction.id for auction in sorted(due, key=lambda a: a.due_at)][:limit]

    def lots_of_seller(self, user_id: int, *, limit: int = 24, cursor: str | None = None) -> Page[Lot]:
        cards = self._all("cards", lambda card: card.seller_id == user_id)
        page = page_of(cards, lambda card: (-ms(card.created_at), card.auction_id), limit, cursor)
        tables = self._old or self.tables
        with self._lock:
            return Page(tuple(_lot(tables, card.auction_id) for card in page.items), page.cursor)

    # --- deals, money ---------------------------------------------------------------------------------------------

    def deal(self, auction_id: str) -> Deal:
        return _found(self._read("deal").deals, auction_id)

    def due_deals(self, now: datetime, limit: int) -> list[str]:
        due = self._all("deals", lambda deal: deal.looks_at is not None and deal.looks_at <= now)
        return [deal.auction_id for deal in sorted(due, key=lambda deal: deal.looks_at)][:limit]

    def due_offers(self, now: datetime, limit: int) -> list[str]:
        def waits(auction: Auction) -> bool:
            return auction.is_final and auction.offer is not None and auction.offer.state == "open"

        due = self._all("auctions", lambda auction: waits(auction) and auction.offer.until <= now)
        return [auction.id for auction in due][:limit]

    def undelivered_of(self, buyer_id: int) -> list[Deal]:
        mine = self._all("deals", lambda deal: deal.buyer_id == buyer_id and deal.is_undelivered)
        return sorted(mine, key=lambda deal: deal.sold_at, reverse=True)

    def open_deals_of(self, user_id: int, limit: int) -> tuple[list[str], list[str]]:
        newest = sorted(self._all("deals", lambda deal: deal.is_open), key=lambda deal: deal.sold_at, reverse=True)
        selling = [deal.auction_id for deal in newest if deal.seller_id == user_id]
        return selling[:limit], [deal.auction_id for deal in newest if deal.buyer_id == user_id][:limit]

    def deals_of(self, user_id: int, *, limit: int = 50, cursor: str | None = None) -> Page[Lot]:
        mine = self._all("deals", lambda deal: user_id in (deal.seller_id, deal.buyer_id))
        page = page_of(mine, lambda deal: (-ms(deal.sold_at), deal.auction_id), limit, cursor)
        found = self.lots(deal.auction_id for deal in page.items)
        return Page(tuple(found.values()), page.cursor)

    def reviews_of(self, seller_id: int, *, limit: int, cursor: str | None = None) -> Page[Reviewed]:
        reviews = [
            (deal.auction_id, review)
            for deal in self._all("deals", lambda deal: deal.seller_id == seller_id)
            if (review := counted_review(deal))
        ]
        page = page_of(reviews, lambda each: (-ms(each[1].at), each[0]), limit, cursor)
        return Page(tuple(Reviewed(auction_id, review.stars) for auction_id, review in page.items), page.cursor)

    def open_disputes(self, limit: int) -> list[Deal]:
        disputed = self._all("deals", lambda deal: deal.state is DealState.DISPUTED)
        return sorted(disputed, key=lambda deal: deal.disputed_at)[:limit]

    def open_deals(self, *, limit: int = 50, cursor: str | None = None) -> Page[Deal]:
        waiting = self._all("deals", lambda deal: deal.looks_at is not None and deal.state is not DealState.DISPUTED)
        return page_of(waiting, lambda deal: (ms(deal.looks_at), deal.auction_id), limit, cursor)

    def wallet(self, user_id: int, currency: str, *, consistent: bool = False) -> Wallet:
        wallets = self._read("wallet", consistent).wallets
        return wallets.get((user_id, currency)) or Wallet.empty(user_id, currency)

    def wallets(self, user_id: int, *, consistent: bool = False) -> list[Wallet]:
        tables = self._read("wallets", consistent)
        with self._lock:
            mine = [key for key in tables.wallets if key[0] == user_id and key not in tables.marks]
            return [tables.wallets[key] for key in mine]

    def wallets_of(self, user_ids: Iterable[int], currency: str) -> dict[int, Wallet]:
        wallets = self._read("wallets_of", consistent=True).wallets
        return {user_id: wallets[user_id, currency] for user_id in user_ids if (user_id, currency) in wallets}

    def transfers(
        self,
        user_id: int,
        currency: str,
        *,
        limit: int = 50,
        cursor: str | None = None,
        until: datetime | None = None,
        since: datetime | None = None,
    ) -> Page[Transfer]:
        mine = self._all("transfers", lambda t: t.user_id == user_id and t.currency == currency)
        mine = [one for one in mine if until is None or ms(one.at) <= ms(until)]
        mine = [one for one in mine if since is None or ms(one.at) >= ms(since)]
        return page_of(mine, lambda t: (-ms(t.at), t.id), limit, cursor)

    def transfers_named(self, transfer_ids: Iterable[str]) -> list[Transfer]:
        there = self._read("transfers_named", consistent=True).transfers
        return [there[transfer_id] for transfer_id in dict.fromkeys(transfer_ids) if transfer_id in there]

    # --- people ---------------------------------------------------------------------------------------------------

    def person(self, user_id: int, *, consistent: bool = False) -> Person | None:
        return self._read("person", consistent).people.get(user_id)

    def person_called(self, public_id: str) -> Person | None:
        return next(iter(self._all("people", lambda person: person.public_id == public_id)), None)

    def people(self, user_ids: Iterable[int]) -> dict[int, Person]:
        people = self._read("people", consistent=False).people
        return {user_id: people[user_id] for user_id in user_ids if user_id in people}

    def people_listed(
        self, which: PeopleList, *, backward: bool = True, limit: int = 50, cursor: str | None = None
    ) -> Page[int]:
        sign = -1 if backward else 1
        found = self._all("people", lambda person: _is_listed(person, which))
        page = page_of(found, lambda person: (sign * ms(person.joined_at), person.id), limit, cursor)
        return Page(tuple(person.id for person in page.items), page.cursor)

    def add_person(self, person: Person) -> Person:
        self.trips.append("add_person")
        with self._lock:
            return self.tables.people.setdefault(person.id, person)

    def due_subscriptions(self, now: datetime, limit: int) -> list[int]:
        over = self._all("people", lambda p: (due := p.subscription_due) is not None and due <= now)
        return [person.id for person in over][:limit]

    def token(self, digest: str) -> ApiToken | None:
        return self._read("token", consistent=False).tokens.get(digest)

    def tokens_of(self, user_id: int) -> list[ApiToken]:
        mine = [token for token in list(self._read("tokens").tokens.values()) if token.user_id == user_id]
        return sorted(mine, key=lambda token: token.created_at)

    def idempotency_record(self, key: str) -> IdempotencyRecord | None:
        return self._read("idempotency").idempotency_records.get(key)

    def _all(self, table: str, wanted: Callable[[Any], bool]) -> list[Any]:
        """A query of an index: never consistent."""
        tables = self._read(table, consistent=False)
        with self._lock:
            return [item for item in getattr(tables, table).values() if wanted(item)]


def _is_listed(person: Person, which: PeopleList) -> bool:
    return {
        PeopleList.ALL: True,
        PeopleList.BLOCKED: person.blocked,
        PeopleList.RESTRICTED: bool(person.restrictions.limits),
        PeopleList.SELLING: person.subscribed_until is not None,
        PeopleList.ROLE: person.role is not None,
    }[which]


def _found(table: dict[str, T], key: str) -> T:
    item = table.get(key)
    if item is None:
        raise NotFound
    return item


def _lot(tables: Tables, auction_id: str) -> Lot:
    lot = lot_of(tables, auction_id)
    if lot is None:
        raise NotFound
    return lot
