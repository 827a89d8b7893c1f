"""Subscriptions that Telegram renews, stopped and allowed again as their person wishes (spec, section 4).

Telegram is told first, then it is kept: both are safe to repeat, so a death between the two is mended by the next
press, or by what Telegram reports.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from starbid.domain.errors import NotFound
from starbid.domain.people import Person
from starbid.domain.renewals import Renewals, running, stopped_by_bot, with_allowed, with_stopped
from starbid.services.ports import StarsAccount, Store
from starbid.services.retrying import committed, with_retries

Change = Callable[[Renewals, Collection[str]], Renewals]


class Renewing:
    """Both raise TryLater where Telegram gave no answer, NotFound for a person whom nobody knows, Conflict."""

    def __init__(self, store: Store, stars: StarsAccount) -> None:
        self._store, self._stars = store, stars

    def stop(self, user_id: int) -> Person:
        """Telegram takes no further payment; the days that are paid for stay. Where it takes none, nothing happens.

        One that Telegram does not know is stopped too: nothing is taken for it.
        """
        orders = running(self._person(user_id).renewals)
        for order_id in orders:
            self._at_telegram(order_id, lambda charge_id: self._stars.end_renewal(user_id, charge_id))
        return self._keep(user_id, orders, with_stopped)

    def allow(self, user_id: int) -> tuple[Person, bool]:
        """They may turn on again in Telegram what was stopped here; the person, and whether there is anything to turn
        on: what has ended at Telegram is not.
        """
        orders = stopped_by_bot(self._person(user_id).renewals)
        told = [
            self._at_telegram(order_id, lambda charge_id: self._stars.allow_renewal(user_id, charge_id))
            for order_id in orders
        ]
        return self._keep(user_id, orders, with_allowed), any(told)

    def _at_telegram(self, order_id: str, tell: Callable[[str], bool]) -> bool:
        """A subscription goes by the charge that began it."""
        first = self._store.first_charge(order_id)
        return first is not None and tell(first)

    def _keep(self, user_id: int, orders: Collection[str], change: Change) -> Person:
        def attempt(_: int) -> Person:
            before = self._person(user_id)
            renewals = change(before.renewals, orders)
            if renewals == before.renewals:
                return before
            after = replace(before, renewals=renewals, version=before.version + 1)
            unit = self._store.unit()
            unit.save_person(before, after)
            return committed(unit, after)

        return with_retries(attempt)

    def _person(self, user_id: int) -> Person:
        person = self._store.person(user_id, consistent=True)
        if person is None:
            raise NotFound
        return person
