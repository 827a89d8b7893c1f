"""Purchases of somebody who owes: frozen while the debt stands, given back to settle it, freed once it is settled.

Spec, section 2, "Who owes wins nothing". Fed by the stream of wallets: whatever makes a debt or pays it comes by here.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from starbid.domain import deals
from starbid.domain.deal_errors import DealFrozen, WrongDealState
from starbid.domain.deals import Deal
from starbid.domain.errors import NotFound
from starbid.domain.ledger import Transfer
from starbid.services.deals.deal_steps import DealSteps
from starbid.services.debts import Debts
from starbid.services.ports import Scheduler, Store
from starbid.services.settings import Business
from starbid.services.sweeping import each

Change = Callable[[Deal], Deal]
Take = Callable[[], Deal]


class Freezing:
    """What a debt does to the deals that its owner bought in its currency and that are not delivered yet."""

    def __init__(self, store: Store, scheduler: Scheduler, business: Business) -> None:
        self._store, self._business = store, business
        self._steps, self._debts = DealSteps(store, scheduler, business), Debts(store)

    def follow(self, person_id: int, currency: str, now: datetime) -> None:
        """Settle what is owed as far as it goes; then freeze their deals, or free them. Safe to repeat.

        Raises an ExceptionGroup after doing what it could.
        """
        wallet = self._debts.offset(person_id, currency, now)
        if wallet.owes:
            self._change(person_id, currency, self._freeze(now), now)
        else:
            self._thaw(person_id, currency, now)

    def follow_deal(self, auction_id: str, now: datetime) -> Deal:
        """The same for one deal, found by its key: an index may not know it yet. Answers it as it is then."""
        deal = self._store.deal(auction_id)
        owes = self._debts.offset(deal.buyer_id, deal.price.currency, now).owes
        self._take(auction_id, self._freeze(now) if owes else lambda deal: deals.thaw(deal, now), now)
        return self._store.deal(auction_id)

    def unless_owing(self, auction_id: str, take: Take, now: datetime) -> Deal:
        """What `take` answers, a step that a buyer who owes has to wait for. Raises DealFrozen if they do: then the
        deal is frozen, should nobody have done that yet, and freed, should nobody have done that.
        """
        try:
            return take()
        except DealFrozen:
            if self.follow_deal(auction_id, now).frozen_at:
                raise
            return take()

    def give_back(self, auction_id: str, now: datetime) -> Deal | None:
        """The time of a frozen deal may be over: the prices of those whose is go back, the newest first, until the debt
        is settled; the others are freed then. Answers this one, None where nothing has been done about it.
        """
        try:
            deal = self._store.deal(auction_id)
        except NotFound:
            return None
        if deal.frozen_at is None or deal.due_at is None or now < deal.due_at:
            return None
        buyer, currency = deal.buyer_id, deal.price.currency
        for due in self._frozen(buyer, currency):
            if due.due_at is not None and now >= due.due_at and self._debts.offset(buyer, currency, now).owes:
                with suppress(WrongDealState):
                    self._steps.take(due.auction_id, lambda deal: deals.give_back(deal, now), now, by="debt")
        if not self._debts.offset(buyer, currency, now).owes:
            self._thaw(buyer, currency, now)
        after = self._store.deal(auction_id)
        return after if after.version != deal.version else None

    def _freeze(self, now: datetime) -> Change:
        return lambda deal: deals.freeze(deal, now, self._business.deal_times)

    def _thaw(self, person_id: int, currency: str, now: datetime) -> None:
        self._change(person_id, currency, lambda deal: deals.thaw(deal, now), now)

    def _frozen(self, person_id: int, currency: str) -> list[Deal]:
        """Newest first."""
        waiting = self._store.undelivered_of(person_id)
        return [deal for deal in waiting if deal.frozen_at and deal.price.currency == currency]

    def _change(self, person_id: int, currency: str, change: Change, now: datetime) -> None:
        """Each of their undelivered deals in this currency, where the change fits it."""
        mine = [deal for deal in self._store.undelivered_of(person_id) if deal.price.currency == currency]
        each("deals neither frozen nor freed", mine, lambda deal: self._take(deal.auction_id, change, now))

    def _take(self, auction_id: str, change: Change, now: datetime) -> None:
        def step(deal: Deal) -> tuple[Deal, Transfer | None]:
            return change(deal), None

        with suppress(WrongDealState):
            self._steps.take(auction_id, step, now)
