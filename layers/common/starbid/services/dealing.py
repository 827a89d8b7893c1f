"""Deals: delivery, confirmation, disputes, ratings, and what happens by itself when time is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starbid.domain import deals, second_chance
from starbid.domain.deals import Deal, DealState
from starbid.domain.errors import NotFound, NotSold, NotYours, WrongDealState, WrongOfferState
from starbid.domain.events import (
    AnyEvent,
    DisputeAnswered,
    LotDelivered,
    LotDisputed,
    LotRated,
    MoneyReleased,
    MoneyReturned,
    SecondChanceExpired,
)
from starbid.domain.ledger import Transfer
from starbid.domain.wallet import WalletChange
from starbid.services.debts import Debts
from starbid.services.ports import Refused, Scheduler, Store, Unit
from starbid.services.retrying import Stale, with_retries
from starbid.services.settings import Business
from starbid.services.sweeping import each

Step = Callable[[Deal], tuple[Deal, Transfer | None]]
SWEEP_LIMIT = 100


class Dealing:
    """The way of a deal from the sale to its end. Every step is one transaction, and repeatable."""

    def __init__(self, store: Store, scheduler: Scheduler, business: Business) -> None:
        self._store, self._scheduler, self._business = store, scheduler, business
        self._debts = Debts(store)

    def deliver(self, person_id: int, auction_id: str, text: str, now: datetime) -> Deal:
        """The seller hands over. Raises NotFound, NotYours, WrongDealState, Invalid."""
        times = self._business.deal_times
        deal = self._step(auction_id, lambda deal: (deals.deliver(deal, person_id, text, now, times), None), now)
        return self._watched(deal)

    def confirm(self, person_id: int, auction_id: str, now: datetime) -> Deal:
        """The buyer is content: the seller is paid. Raises NotFound, NotYours, WrongDealState."""
        return self._step(auction_id, lambda deal: deals.confirm(deal, person_id, now), now, by="buyer")

    def take_back(self, person_id: int, auction_id: str, now: datetime) -> Deal:
        """The buyer of what was never delivered gets the money back. Raises NotFound, NotYours, WrongDealState."""
        times = self._business.deal_times
        return self._step(auction_id, lambda deal: deals.take_back(deal, person_id, now, times), now, by="buyer")

    def dispute(self, person_id: int, auction_id: str, text: str, now: datetime) -> Deal:
        """The buyer objects; the money stays in escrow until `settle`.

        Raises NotFound, NotYours, WrongDealState, Invalid.
        """
        return self._step(auction_id, lambda deal: (deals.dispute(deal, person_id, text, now), None), now)

    def answer(self, person_id: int, auction_id: str, text: str, now: datetime) -> Deal:
        """The seller's side of a dispute, until it is settled; said again, the last one counts.

        Raises NotFound, NotYours, WrongDealState, Invalid.
        """
        return self._step(auction_id, lambda deal: (deals.answer(deal, person_id, text), None), now)

    def settle(self, admin_id: int, auction_id: str, release: bool, reason: str, now: datetime) -> Deal:
        """An admin ends a dispute: the money goes to the seller, or back to the buyer; both are told the reason.

        Raises NotYours for one who is no admin, NotFound, WrongDealState, Invalid.
        """
        if admin_id not in self._business.admin_ids:
            raise NotYours
        return self._step(auction_id, lambda deal: deals.settle(deal, release, reason, now), now, by="admin")

    def open_disputes(self, limit: int = 50) -> list[Deal]:
        """What admins have to settle, the oldest dispute first."""
        return self._store.open_disputes(limit)

    def rate(self, person_id: int, auction_id: str, stars: int, text: str, now: datetime) -> Deal:
        """Rate the other side: 1 to 5 stars, hidden from everybody until both are given or 7 days are over.

        Raises Invalid, NotFound, NotYours, WrongDealState, AlreadyRated.
        """
        deal = self._step(auction_id, lambda deal: (deals.rate(deal, person_id, stars, text, now), None), now)
        return self._watched(deal)

    def settle_due(self, auction_id: str, now: datetime) -> Deal | None:
        """Release, return, show or end what is due; None where there is nothing to do (yet, or any more)."""

        def by_itself(deal: Deal) -> tuple[Deal, Transfer | None]:
            match deal.state:
                case DealState.DELIVERED:
                    return deals.release(deal, now)
                case DealState.COMPLETED:
                    return deals.publish_ratings(deal, now), None
                case DealState.REFUNDED:
                    return second_chance.lapse(deal, now), None
                case _:
                    return deals.expire(deal, now)

        try:
            return self._step(auction_id, by_itself, now, by="time")
        except (WrongDealState, WrongOfferState, NotFound):
            return None

    def sweep(self, now: datetime) -> int:
        """Settle what schedules missed; answers how many were settled.

        Raises an ExceptionGroup after doing what it could.
        """
        due = self._store.due_deals(now, SWEEP_LIMIT)
        settled = each("deals not settled", due, lambda auction_id: self.settle_due(auction_id, now))
        return sum(deal is not None for deal in settled)

    def _watched(self, deal: Deal) -> Deal:
        """See to it that somebody looks at the deal when it moves on by itself."""
        if deal.due_at:
            self._scheduler.settle_deal_at(deal.auction_id, deal.due_at)
        return deal

    def _deal(self, auction_id: str) -> Deal:
        """Raises NotFound, and NotSold where there is a lot without a deal."""
        try:
            return self._store.deal(auction_id)
        except NotFound:
            self._store.auction(auction_id, consistent=True)
            raise NotSold from None

    def _step(self, auction_id: str, step: Step, now: datetime, by: str = "") -> Deal:
        unknown: set[int] = set()

        def attempt(_: int) -> Deal:
            before = self._deal(auction_id)
            after, transfer = step(before)
            if after is before:  # done already
                return after
            unit = self._store.unit()
            _write(unit, before, after, transfer, unknown)
            event = _event(before, after, now, by)
            if event:
                unit.emit(event)
            try:
                unit.commit()
            except Refused as refused:
                unknown.update(int(refusal.key) for refusal in refused.refusals if refusal.what == "person")
                raise Stale from refused
            if transfer:
                self._debts.after(transfer, now)
            return after

        return with_retries(attempt)


def _write(unit: Unit, before: Deal, after: Deal, transfer: Transfer | None, unknown: set[int]) -> None:
    """The deal, its money and the counters of the two; nobody is registered by it who is `unknown`."""
    unit.save_deal(before, after)
    if transfer:
        unit.post(transfer)
        unit.change_wallet(WalletChange.credit(transfer.user_id, transfer.change))
    for person_id, gain in deals.reputation_gains(before, after).items():
        if person_id not in unknown:
            unit.add_reputation(person_id, gain)


def _event(before: Deal, after: Deal, now: datetime, by: str) -> AnyEvent | None:
    """What a step tells; nothing where ratings have only come into sight."""
    lot, seller, buyer, reason = after.auction_id, after.seller_id, after.buyer_id, after.reason
    if len(after.ratings) > len(before.ratings):
        rated = buyer if after.ratings[-1].by_seller else seller
        return LotRated(f"rated:{lot}:{rated}", now, lot, rated, after.due_at is None)
    if after.offer and after.offer != before.offer:
        return SecondChanceExpired(f"second-chance-expired:{lot}", now, lot, seller, after.offer.price)
    if after.answer and after.answer != before.answer:
        id_ = f"answered:{lot}:{after.version}"
        return DisputeAnswered(id_, now, lot, seller, buyer, after.answer, after.version)
    if after.state is before.state:
        return None
    match after.state:
        case DealState.COMPLETED:
            return MoneyReleased(f"released:{lot}", now, lot, seller, buyer, after.payout, after.fee, by, reason)
        case DealState.REFUNDED:
            return MoneyReturned(f"returned:{lot}", now, lot, seller, buyer, after.price, by, reason)
        case DealState.DISPUTED:
            return LotDisputed(f"disputed:{lot}", now, lot, seller, buyer, after.dispute or "")
        case _:
            return LotDelivered(f"delivered:{lot}", now, lot, seller, buyer)
