"""Deals: delivery, confirmation, and what happens by itself when time is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starbid.domain import deals
from starbid.domain.deals import Deal, DealState
from starbid.domain.errors import NotFound, NotSold, WrongDealState
from starbid.domain.events import AnyEvent, LotDelivered, MoneyReleased, MoneyReturned
from starbid.domain.ledger import Transfer
from starbid.domain.wallet import WalletChange
from starbid.services.ports import Refused, Scheduler, Store
from starbid.services.retrying import Stale, with_retries
from starbid.services.settings import Business
from starbid.services.sweeping import each

Step = Callable[[Deal], tuple[Deal, Transfer | None]]
SWEEP_LIMIT = 100


class Dealing:
    """The way of a deal from the sale to its end. Every step is one transaction, and repeatable."""

    def __init__(self, store: Store, scheduler: Scheduler, business: Business) -> None:
        self._store, self._scheduler, self._business = store, scheduler, business

    def deliver(self, person_id: int, auction_id: str, text: str, now: datetime) -> Deal:
        """The seller hands over. Raises NotFound, NotYours, WrongDealState, Invalid."""
        times = self._business.deal_times
        deal = self._step(auction_id, lambda deal: (deals.deliver(deal, person_id, text, now, times), None), now)
        if deal.due_at:
            self._scheduler.settle_deal_at(auction_id, deal.due_at)
        return deal

    def confirm(self, person_id: int, auction_id: str, now: datetime) -> Deal:
        """The buyer is content: the seller is paid. Raises NotFound, NotYours, WrongDealState."""
        return self._step(auction_id, lambda deal: deals.confirm(deal, person_id, now), now, by="buyer")

    def take_back(self, person_id: int, auction_id: str, now: datetime) -> Deal:
        """The buyer of what was never delivered gets the money back. Raises NotFound, NotYours, WrongDealState."""
        times = self._business.deal_times
        return self._step(auction_id, lambda deal: deals.take_back(deal, person_id, now, times), now, by="buyer")

    def settle_due(self, auction_id: str, now: datetime) -> Deal | None:
        """Release or return what is due; None where there is nothing to do (yet, or any more)."""

        def by_itself(deal: Deal) -> tuple[Deal, Transfer]:
            if deal.state is DealState.DELIVERED:
                return deals.release(deal, now)
            return deals.expire(deal, now)

        try:
            return self._step(auction_id, by_itself, now, by="time")
        except (WrongDealState, NotFound):
            return None

    def sweep(self, now: datetime) -> int:
        """Settle what schedules missed; answers how many were settled.

        Raises an ExceptionGroup after doing what it could.
        """
        due = self._store.due_deals(now, SWEEP_LIMIT)
        settled = each("deals not settled", due, lambda auction_id: self.settle_due(auction_id, now))
        return sum(deal is not None for deal in settled)

    def _deal(self, auction_id: str) -> Deal:
        """Raises NotFound, and NotSold where there is a lot without a deal."""
        try:
            return self._store.deal(auction_id)
        except NotFound:
            self._store.auction(auction_id, consistent=True)
            raise NotSold from None

    def _step(self, auction_id: str, step: Step, now: datetime, by: str = "") -> Deal:
        def attempt(_: int) -> Deal:
            before = self._deal(auction_id)
            after, transfer = step(before)
            unit = self._store.unit()
            unit.save_deal(before, after)
            if transfer:
                unit.post(transfer)
                unit.change_wallet(WalletChange.credit(transfer.user_id, transfer.change))
            unit.emit(_event(after, now, by))
            try:
                unit.commit()
            except Refused as refused:
                raise Stale from refused
            return after

        return with_retries(attempt)


def _event(deal: Deal, now: datetime, by: str) -> AnyEvent:
    lot, seller, buyer = deal.auction_id, deal.seller_id, deal.buyer_id
    match deal.state:
        case DealState.COMPLETED:
            return MoneyReleased(f"released:{lot}", now, lot, seller, buyer, deal.payout, deal.fee, by)
        case DealState.REFUNDED:
            return MoneyReturned(f"returned:{lot}", now, lot, seller, buyer, deal.price)
        case _:
            return LotDelivered(f"delivered:{lot}", now, lot, seller, buyer)
