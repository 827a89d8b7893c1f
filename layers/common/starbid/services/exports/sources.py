"""The rows of exports, page by page, newest first: what the columns are, and where they come from."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from starbid.domain.audit_trail import AuditEntry
from starbid.domain.cells import Cell, moment, yes_no
from starbid.domain.event_log import LogEntry
from starbid.domain.exports import Export, What
from starbid.domain.ledger import Transfer
from starbid.domain.lots import Lot
from starbid.domain.money import CURRENCIES
from starbid.domain.payments import Charge
from starbid.domain.payouts import Payout
from starbid.domain.people import Person
from starbid.domain.wallet import Wallet
from starbid.services.operators import Operators
from starbid.services.ports import AuditTrail, EventLog, Page, Store
from starbid.services.views import view_lot

T = TypeVar("T")
PAGE = 500
"""Things that are read at once."""
Row = tuple[Cell, ...]

USERS = (
    "user_id",
    "username",
    "name",
    "language",
    "created_at",
    "blocked",
    "role",
    "subscription_until",
    *(f"{code}_{part}" for code in CURRENCIES for part in ("available", "held", "owed")),
)
LEDGER = ("time", "transfer_id", "kind", "user_id", "account", "currency", "change", "facts")
"""A line for each side of a transfer; together they add up to nothing."""
PAYMENTS = ("time", "kind", "id", "user_id", "provider", "purpose", "currency", "amount", "state", "order_id")
LOTS = (
    *("lot_id", "created_at", "seller_id", "title", "category", "goods", "type", "currency", "start_price"),
    *("starts_at", "ends_at", "status", "bids", "price", "buyer_id", "deal"),
)
LOG = ("time", "kind", "user_id", "subject", "details")
AUDIT = ("time", "admin_id", "action", "user_id", "subject", "before", "after", "reason", "address")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows, of so many things; `cursor` is that of the next piece, empty at the end."""

    rows: tuple[Row, ...]
    things: int
    cursor: str


@dataclass(frozen=True, slots=True)
class Source:
    """The columns, and how their rows are read from a cursor on (None: from the newest)."""

    columns: tuple[str, ...]
    read: Callable[[str | None], Piece]


class Sources:
    """The sources of all exports."""

    def __init__(self, store: Store, trail: AuditTrail, log: EventLog, operators: Operators) -> None:
        self._store, self._trail, self._log, self._operators = store, trail, log, operators

    def of(self, export: Export, now: datetime) -> Source:
        """Of what operators ask for. `now`: when lots are looked at, and what of the log has not expired."""
        wish, store = export.wish, self._store
        since, until = wish.since, wish.until
        match wish.what:
            case What.USERS:
                return Source(
                    USERS, lambda at: self._people(store.people_by_joining(since, until, cursor=at, limit=PAGE))
                )
            case What.LEDGER:
                return Source(
                    LEDGER, lambda at: _piece(store.transfers_by_time(since, until, cursor=at, limit=PAGE), ledger_rows)
                )
            case What.PAYMENTS:
                return Source(
                    PAYMENTS,
                    lambda at: _piece(store.payments_by_time(since, until, cursor=at, limit=PAGE), payment_rows),
                )
            case What.LOTS:
                return Source(
                    LOTS,
                    lambda at: _piece(
                        store.lots_by_creation(since, until, cursor=at, limit=PAGE), lambda lot: (lot_row(lot, now),)
                    ),
                )
            case What.LOG:
                return Source(
                    LOG,
                    lambda at: _piece(self._log.page(now, since=since, until=until, cursor=at, limit=PAGE), log_rows),
                )
            case What.AUDIT:
                return Source(
                    AUDIT,
                    lambda at: _piece(self._trail.entries(since=since, until=until, cursor=at, limit=PAGE), audit_rows),
                )
            case What.OWN_DATA:
                raise LookupError(f"{wish.what} is no operator's")

    def _people(self, page: Page[Person]) -> Piece:
        """With their wallets: a read of each currency for all of the page."""
        ids = [person.id for person in page.items]
        wallets = {code: self._store.wallets_of(ids, code) for code in CURRENCIES} if ids else {}
        rows = (self._person_row(person, wallets) for person in page.items)
        return Piece(tuple(rows), len(page.items), page.cursor or "")

    def _person_row(self, person: Person, wallets: Mapping[str, Mapping[int, Wallet]]) -> Row:
        role = self._operators.role_of(person)
        money = (
            amount
            for code in CURRENCIES
            for amount in _amounts(wallets[code].get(person.id) or Wallet.empty(person.id, code))
        )
        return (
            person.id,
            person.username or "",
            person.name,
            person.language,
            moment(person.joined_at),
            yes_no(person.blocked),
            role.value if role else "",
            moment(person.subscribed_until),
            *money,
        )


def ledger_rows(transfer: Transfer) -> Iterable[Row]:
    for entry in transfer.entries:
        yield (
            moment(transfer.at),
            transfer.id,
            transfer.kind.value,
            transfer.user_id,
            entry.account,
            entry.change.currency,
            entry.change.amount,
            _json(transfer.facts),
        )


def payment_rows(payment: Charge | Payout) -> Iterable[Row]:
    """Charges with who took the money; payouts with how it leaves. Where a payout goes is not in it."""
    if isinstance(payment, Charge):
        at, kind, provider, purpose = payment.paid_at, "charge", payment.provider.value, payment.purpose.value
        order_id = payment.order_id
    else:
        at, kind, provider, purpose, order_id = payment.created_at, "payout", payment.method.value, "payout", ""
    amount = payment.amount
    yield (
        moment(at),
        kind,
        payment.id,
        payment.user_id,
        provider,
        purpose,
        amount.currency,
        amount.amount,
        payment.state.value,
        order_id or "",
    )


def lot_row(lot: Lot, now: datetime) -> Row:
    """As a visitor sees it, so that nothing of a sealed bid is in it; with ids in the place of names."""
    auction, card, seen = lot.auction, lot.card, view_lot(lot, None, now)
    return (
        auction.id,
        moment(card.created_at),
        auction.seller_id,
        card.title,
        card.category,
        card.goods,
        auction.terms.kind,
        auction.currency,
        auction.terms.start_price.amount,
        moment(auction.starts_at),
        moment(auction.ends_at),
        seen.status.value,
        auction.bids_count,
        seen.price.amount,
        lot.deal.buyer_id if lot.deal else "",
        lot.deal.state.value if lot.deal else "",
    )


def log_rows(entry: LogEntry) -> Iterable[Row]:
    details = _json({"event": entry.name, **entry.details})
    yield moment(entry.at), entry.kind.value, _id(entry.user_id), entry.subject, details


def audit_rows(entry: AuditEntry) -> Iterable[Row]:
    yield (
        moment(entry.at),
        entry.admin_id,
        entry.action,
        _id(entry.user_id),
        entry.subject,
        entry.before,
        entry.after,
        entry.reason,
        entry.address,
    )


def _piece(page: Page[T], rows_of: Callable[[T], Iterable[Row]]) -> Piece:
    return Piece(tuple(row for thing in page.items for row in rows_of(thing)), len(page.items), page.cursor or "")


def _amounts(wallet: Wallet) -> Sequence[int]:
    return wallet.available.amount, wallet.held.amount, wallet.owed.amount


def _id(user_id: int | None) -> Cell:
    return "" if user_id is None else user_id


def _json(facts: Mapping[str, object]) -> str:
    return json.dumps(facts, ensure_ascii=False, sort_keys=True) if facts else ""
