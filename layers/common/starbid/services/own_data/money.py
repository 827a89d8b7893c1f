"""A person's money: what is in the wallets, how it moved, what was paid in and out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from starbid.domain.ledger import user_account
from starbid.domain.money import CURRENCIES
from starbid.domain.refund_requests import RequestState
from starbid.services.billing.refund_requests import RefundRequests
from starbid.services.own_data.kind import AT_ONCE, Entry, Kept, Why, entry, whole
from starbid.services.ports import Page, Store

T = TypeVar("T")


class Wallets(Kept):
    """What is available, frozen and owed. The wallet of who has left is empty."""

    key, families = "wallets", ("wallets",)
    why = Why.BOOKS

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self, user_id: int, cursor: str | None, now: datetime) -> Page[Entry]:
        return whole(
            entry(currency=each.currency, available=each.available, frozen=each.held, owed=each.owed)
            for each in self._store.wallets(user_id, consistent=True)
        )


class Movements(Kept):
    """Every line of the ledger that changed a wallet, newest first, one currency after the other."""

    key, families = "movements", ("ledger",)
    why = Why.BOOKS

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self, user_id: int, cursor: str | None, now: datetime) -> Page[Entry]:
        codes = tuple(CURRENCIES)
        code, _, place = (cursor or f"{codes[0]}|").partition("|")
        page = self._store.transfers(user_id, code, limit=AT_ONCE, cursor=place or None)
        entries = tuple(
            entry(id=each.id, kind=each.kind, at=each.at, change=line.change)
            for each in page.items
            for line in each.entries
            if line.account == user_account(user_id)
        )
        if page.cursor:
            return Page(entries, f"{code}|{page.cursor}")
        following = codes[codes.index(code) + 1 :]
        return Page(entries, f"{following[0]}|" if following else None)


class Payments(Kept):
    """What was paid in, by whatever provider, and what of it went back."""

    key, families = "payments", ("payments",)
    why = Why.BOOKS

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self, user_id: int, cursor: str | None, now: datetime) -> Page[Entry]:
        page = self._store.payments_of(user_id, limit=AT_ONCE, cursor=cursor)
        return _page(page, lambda each: entry(
            id=each.id, provider=each.provider, amount=each.amount, purpose=each.purpose, paid_at=each.paid_at,
            state=each.state,
        ))  # fmt: skip


class RefundsAsked(Kept):
    """What of it they asked to have back, with what they wrote and what they were told."""

    key, families = "refund_requests", ("refunds-of#<person>",)
    why = Why.BOOKS

    def __init__(self, refunds: RefundRequests) -> None:
        self._refunds = refunds

    def read(self, user_id: int, cursor: str | None, now: datetime) -> Page[Entry]:
        return whole(
            entry(
                payment=each.charge_id, amount=each.amount, reason=each.reason, asked_at=each.asked_at,
                state=each.state, decided_at=each.decided_at,
                answer=each.answer if each.state is RequestState.REFUSED else None,
            )
            for each in self._refunds.of_person(user_id, now).values()
        )  # fmt: skip


class Bills(Kept):
    """Top-ups that were asked for at providers of bills."""

    key, families = "bills", ("payments",)
    why = Why.BOOKS

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self, user_id: int, cursor: str | None, now: datetime) -> Page[Entry]:
        page = self._store.bills_of(user_id, limit=AT_ONCE, cursor=cursor)
        return _page(page, lambda each: entry(
            id=each.id, provider=each.provider, amount=each.amount, created_at=each.created_at, status=each.status,
        ))  # fmt: skip


class PaidOut(Kept):
    """Payouts, with where the money went."""

    key, families = "payouts", ("payments",)
    why = Why.BOOKS

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self, user_id: int, cursor: str | None, now: datetime) -> Page[Entry]:
        page = self._store.payouts_of(user_id, limit=AT_ONCE, cursor=cursor)
        return _page(page, lambda each: entry(
            id=each.id, method=each.method, amount=each.amount, details=each.details, created_at=each.created_at,
            state=each.state, ended_at=each.ended_at,
        ))  # fmt: skip


def _page(page: Page[T], entry_of: Callable[[T], Entry]) -> Page[Entry]:
    return Page(tuple(entry_of(each) for each in page.items), page.cursor)
