"""What a wallet held day by day, found from what it holds and what has moved since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from starbid.domain.ledger import Transfer
from starbid.domain.movements import balances, begins
from starbid.domain.wallet import Wallet
from starbid.services.ports import Page, Store

MOST_MOVED = 500
"""Movements that are read for one history: one read, some 200 KB at most."""


@dataclass(frozen=True, slots=True)
class BalanceDays:
    """`values`: minor units at the end of each of `days`, the last of which is today; `moved_on`: the days on which it
    changed. A day that is too far back to be known is left out.
    """

    days: tuple[date, ...]
    values: tuple[int, ...]
    moved_on: frozenset[date]


class BalanceHistory:
    """Reads for the chart of a wallet."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(
        self,
        wallet: Wallet,
        length: int,
        joined_at: datetime,
        zone: tzinfo,
        now: datetime,
        known: Iterable[Transfer] | None = None,
    ) -> BalanceDays:
        """The last `length` days in a zone, frozen money included. Fewer of who joined later, and where more has moved
        than is read. `known`: all that moved in those days and has been read, and maybe more.
        """
        today, joined = now.astimezone(zone).date(), min(joined_at, now).astimezone(zone).date()
        days = [day for back in reversed(range(length)) if (day := today - timedelta(days=back)) >= joined]
        since = begins(days[0], zone)
        if known is None:
            page = self._store.transfers(wallet.user_id, wallet.currency, limit=MOST_MOVED, since=since)
        else:
            page = Page(tuple(moved for moved in known if moved.at >= since))
        if page.cursor is not None:  # the day of the oldest movement that was read may have begun with others
            oldest = page.items[-1].at.astimezone(zone).date()
            days = [day for day in days if day >= oldest]
        own = wallet.available + wallet.held
        moved_on = frozenset(moved.at.astimezone(zone).date() for moved in page.items if moved.change)
        return BalanceDays(tuple(days), tuple(balances(own.amount, page.items, days, zone)), moved_on)
