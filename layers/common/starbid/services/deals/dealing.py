"""Deals: delivery, confirmation, disputes, ratings, and what happens by itself when time is over."""

from __future__ import annotations

from datetime import datetime

from starbid.domain import deal_ratings, deal_reminders, deals, disputes, evidence
from starbid.domain.audit_trail import Decision
from starbid.domain.deal_errors import DealFrozen, WrongDealState
from starbid.domain.deals import Deal, DealState
from starbid.domain.delivered_files import DeliveredFile
from starbid.domain.errors import Conflict, NotFound, NotYours
from starbid.domain.ledger import Transfer
from starbid.domain.roles import Right
from starbid.services.deals.deal_steps import DealSteps
from starbid.services.deals.freezing import Freezing
from starbid.services.ports import Scheduler, Store, Unavailable
from starbid.services.settings import Business
from starbid.services.sweeping import each

SWEEP_LIMIT = 100


class Dealing:
    """The way of a deal from the sale to its end. Every step is one transaction, and repeatable."""

    def __init__(self, store: Store, scheduler: Scheduler, business: Business) -> None:
        self._store, self._business = store, business
        self._steps = DealSteps(store, scheduler, business)
        self._freezing = Freezing(store, scheduler, business)

    def deliver(
        self, person_id: int, auction_id: str, text: str, now: datetime, files: tuple[DeliveredFile, ...] = ()
    ) -> Deal:
        """The seller hands over: words, files, or both. Raises NotFound, NotYours, WrongDealState, Invalid; DealFrozen
        if the buyer owes.
        """
        times = self._business.deal_times

        def step(deal: Deal) -> tuple[Deal, Transfer | None]:
            return deals.deliver(deal, person_id, text, now, times, len(files)), None

        return self._freezing.unless_owing(
            auction_id, lambda: self._steps.take(auction_id, step, now, files=files), now
        )

    def confirm(self, person_id: int, auction_id: str, now: datetime) -> Deal:
        """The buyer is content: the seller is paid. Raises NotFound, NotYours, WrongDealState."""
        return self._steps.take(auction_id, lambda deal: deals.confirm(deal, person_id, now), now, by="buyer")

    def take_back(self, person_id: int, auction_id: str, now: datetime) -> Deal:
        """The buyer of what was never delivered gets the money back. Raises NotFound, NotYours, WrongDealState."""
        times = self._business.deal_times
        return self._steps.take(auction_id, lambda deal: deals.take_back(deal, person_id, now, times), now, by="buyer")

    def dispute(
        self, person_id: int, auction_id: str, text: str, now: datetime, pictures: tuple[str, ...] = ()
    ) -> Deal:
        """The buyer objects, once a deal; the money stays in escrow until `resolve`, or for 30 days. The pictures are
        stored already (`services.deals.evidence`).

        Raises NotFound, NotYours, WrongDealState, AlreadyDisputed, Invalid.
        """
        return self._steps.take(
            auction_id, lambda deal: (disputes.dispute(deal, person_id, text, now, pictures), None), now
        )

    def withdraw(self, person_id: int, auction_id: str, now: datetime) -> Deal:
        """The buyer takes the objection back, and the deal goes on; frozen, where they owe by now.

        Raises NotFound, NotYours, WrongDealState.
        """
        withdrawn = self._steps.take(auction_id, lambda deal: (disputes.withdraw(deal, person_id, now), None), now)
        try:
            return self._freezing.follow_deal(auction_id, now)
        except (Conflict, Unavailable):  # delivering asks again
            return withdrawn

    def answer(self, person_id: int, auction_id: str, text: str, now: datetime, pictures: tuple[str, ...] = ()) -> Deal:
        """The seller's side of a dispute, until it is settled; said again, the last text counts.

        Raises NotFound, NotYours, WrongDealState, Invalid.
        """
        return self._steps.take(auction_id, lambda deal: (disputes.answer(deal, person_id, text, pictures), None), now)

    def add_pictures(self, person_id: int, auction_id: str, pictures: tuple[str, ...], now: datetime) -> Deal:
        """More pictures of a side of an open dispute, which has said something; nobody is told of them.

        Raises NotFound, NotYours, WrongDealState, Invalid.
        """
        return self._steps.take(auction_id, lambda deal: (evidence.add(deal, person_id, pictures), None), now)

    def resolve(self, decision: Decision, auction_id: str, release: bool) -> Deal:
        """An operator ends a dispute: the money goes to the seller, or back to the buyer; both are told the reason.

        Of two who decide at once the first one does: the other gets WrongDealState, and finds what was decided in the
        deal. The same decision sent again is done. Nobody settles a dispute of their own. Raises NotAllowed, NotYours,
        NotFound, NotSold, WrongDealState, Invalid.
        """
        decision.require(Right.SUPPORT)
        now, reason = decision.at, decision.reason

        def step(deal: Deal) -> tuple[Deal, Transfer]:
            if decision.by.id in (deal.buyer_id, deal.seller_id):
                raise NotYours
            return disputes.resolve(deal, release, reason, now)

        try:
            return self._steps.take(auction_id, step, now, by="admin", decision=decision)
        except WrongDealState:
            deal = self.deal(auction_id)
            if not disputes.is_resolved_so(deal, release, reason):
                raise
            return deal

    def deal(self, auction_id: str) -> Deal:
        """The deal as it is now. Raises NotFound, and NotSold where there is a lot without a deal."""
        return self._steps.deal(auction_id)

    def open_disputes(self, limit: int = 50) -> list[Deal]:
        """What admins have to settle, the oldest dispute first."""
        return self._store.open_disputes(limit)

    def rate(self, person_id: int, auction_id: str, stars: int, text: str, now: datetime) -> Deal:
        """Rate the other side: 1 to 5 stars, hidden from everybody until both are given or 7 days are over.

        Raises Invalid, NotFound, NotYours, WrongDealState, AlreadyRated.
        """
        return self._steps.take(
            auction_id, lambda deal: (deal_ratings.rate(deal, person_id, stars, text, now), None), now
        )

    def advance(self, auction_id: str, now: datetime) -> Deal | None:
        """Release, return, show or remind of what is due; None where there is nothing to do (yet, or any more)."""

        def by_itself(deal: Deal) -> tuple[Deal, Transfer | None]:
            if deal_reminders.is_due(deal, now):
                return deal_reminders.remind(deal, now), None
            match deal.state:
                case DealState.DELIVERED:
                    return deals.release(deal, now)
                case DealState.COMPLETED:
                    return deal_ratings.publish_ratings(deal, now), None
                case DealState.DISPUTED:
                    return disputes.decide_by_time(deal, now)
                case _:
                    return deals.expire(deal, now)

        try:
            return self._steps.take(auction_id, by_itself, now, by="time")
        except DealFrozen:
            return self._freezing.give_back(auction_id, now)
        except (WrongDealState, NotFound):
            return None

    def sweep(self, now: datetime) -> int:
        """Settle what schedules missed; answers how many were settled.

        Raises an ExceptionGroup after doing what it could.
        """
        due = self._store.due_deals(now, SWEEP_LIMIT)
        advanced = each("deals not advanced", due, lambda auction_id: self.advance(auction_id, now))
        return sum(deal is not None for deal in advanced)
