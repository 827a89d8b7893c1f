"""Payouts of the in-memory store, and of its units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from starbid.domain.money import Money
from starbid.domain.payouts import SENT_AGAIN_AFTER, Payout, PayoutState
from starbid.domain.wallet import Wallet
from starbid.services.ports import Page

from .memory_lists import ms, page_of
from .memory_tables import Tables


class MemoryPayouts:
    """A part of FakeStore, which defines how tables are read."""

    _read: Callable[..., Tables]
    _all: Callable[[str, Callable[[Any], bool]], list[Any]]

    def payout(self, payout_id: str) -> Payout | None:
        return self._read("payout").payouts.get(payout_id)

    def payouts_of(self, user_id: int, *, limit: int = 20, cursor: str | None = None) -> Page[Payout]:
        mine = self._all("payouts", lambda payout: payout.user_id == user_id)
        return page_of(mine, lambda payout: (-ms(payout.created_at), payout.id), limit, cursor)

    def payouts_to_review(self, now: datetime, limit: int) -> list[Payout]:
        waiting = self._all("payouts", lambda payout: payout.is_open and not _is_gift_let_go(payout))
        return sorted(waiting, key=lambda payout: payout.created_at)[:limit]

    def due_gifts(self, now: datetime, limit: int) -> list[str]:
        on_their_way = self._all("payouts", lambda payout: payout.is_open and _is_gift_let_go(payout))
        return [payout.id for payout in on_their_way if _due_at(payout) <= now][:limit]


def _is_gift_let_go(payout: Payout) -> bool:
    return payout.gift is not None and payout.state is not PayoutState.REQUESTED


def _due_at(payout: Payout) -> datetime:
    since = payout.tried_at + SENT_AGAIN_AFTER if payout.tried_at else payout.decided_at
    assert since is not None
    return since


class MemoryPayoutVerbs:
    """A part of MemoryUnit, which defines how items are checked and written."""

    writes: list[Callable[[Tables], None]]
    _create: Callable[..., None]
    _save: Callable[..., None]
    _wallet: Callable[..., None]

    def add_payout(self, payout: Payout) -> None:
        self._create("payout", "payouts", payout.id, payout)

    def save_payout(self, before: Payout, after: Payout) -> None:
        self._save("payout", "payouts", before.id, before, after)

    def take_payout(self, before: Wallet, amount: Money, bought: Money) -> None:
        key = (before.user_id, before.currency)

        def there(tables: Tables) -> Wallet:
            return tables.wallets.get(key) or Wallet.empty(*key)

        def holds(tables: Tables) -> bool:
            now = there(tables)
            as_read = (now.available, now.held, now.bought) == (before.available, before.held, before.bought)
            return as_read and not now.owed and now.available >= amount

        def write(tables: Tables) -> None:
            now = there(tables)
            tables.wallets[key] = replace(now, available=now.available - amount, bought=now.bought - bought)

        self._wallet(key, holds)
        self.writes.append(write)
