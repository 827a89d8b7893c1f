"""What stands between a person and the end of their account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from starbid.domain.leaving import Obstacle
from starbid.domain.money import Money
from starbid.domain.people import Person
from starbid.domain.refund_requests import RequestState
from starbid.domain.renewals import running
from starbid.domain.wallet import Wallet
from starbid.services.billing.refund_requests import RefundRequests
from starbid.services.operators import Operators
from starbid.services.ports import Store

LOTS_AT_ONCE = 24
PAGES = 4
"""Of their newest lots are looked at for a page, whose cost must not grow with what somebody has sold."""
RECENT = 50
"""Payouts and bills that are looked through: what is open is among the newest."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`obstacles` in the order in which they are told, without the money; `money` is what is left in the wallets."""

    obstacles: tuple[Obstacle, ...]
    money: tuple[Money, ...]
    wallets: tuple[Wallet, ...]

    @property
    def sums(self) -> dict[str, int]:
        """The money, minor units by currency."""
        return {money.currency: money.amount for money in self.money}

    def in_the_way(self, given_up: Mapping[str, int]) -> tuple[Obstacle, ...]:
        """With the money, where more is there than `given_up` says: minor units by currency."""
        kept = any(money.amount > given_up.get(money.currency, 0) for money in self.money)
        return self.obstacles + ((Obstacle.MONEY,) if kept else ())


class Obstacles:
    """Looks where something may be open: some ten reads, and the person's own lots."""

    def __init__(self, store: Store, refunds: RefundRequests, operators: Operators) -> None:
        self._store, self._refunds, self._operators = store, refunds, operators

    def of(self, person: Person, now: datetime, *, thoroughly: bool = False) -> Standing:
        """`thoroughly`: among all of their lots, for the day itself; otherwise among the newest."""
        wallets = tuple(self._store.wallets(person.id, consistent=True))
        found = set(self._found(person, wallets, now, thoroughly=thoroughly))
        money = tuple(wallet.available for wallet in wallets if wallet.available)
        return Standing(tuple(each for each in Obstacle if each in found), money, wallets)

    def _found(
        self, person: Person, wallets: tuple[Wallet, ...], now: datetime, *, thoroughly: bool
    ) -> Iterator[Obstacle]:
        store, user_id = self._store, person.id
        if self._operators.role_of(person) or person.role:
            yield Obstacle.OPERATOR
        if any(wallet.held for wallet in wallets):
            yield Obstacle.BIDS
        if any(wallet.owed for wallet in wallets):
            yield Obstacle.DEBT
        if any(store.open_deals_of(user_id, 1)):
            yield Obstacle.DEALS
        if any(payout.is_open for payout in store.payouts_of(user_id, limit=RECENT).items):
            yield Obstacle.PAYOUTS
        if any(bill.is_open for bill in store.bills_of(user_id, limit=RECENT).items):
            yield Obstacle.BILLS
        if any(each.state is RequestState.OPEN for each in self._refunds.of_person(user_id, now).values()):
            yield Obstacle.REFUNDS
        if running(person.renewals):
            yield Obstacle.RENEWAL
        if self._sells(user_id, now, None if thoroughly else PAGES):
            yield Obstacle.LOTS

    def _sells(self, user_id: int, now: datetime, most: int | None) -> bool:
        cursor, pages = "", count(1)
        while most is None or next(pages) <= most:
            page = self._store.lots_of_seller(user_id, limit=LOTS_AT_ONCE, cursor=cursor or None)
            for auction in (lot.auction for lot in page.items):
                if not auction.status(now).is_final or (auction.offer and auction.offer.is_open(now)):
                    return True
            if page.cursor is None:
                break
            cursor = page.cursor
        return False
