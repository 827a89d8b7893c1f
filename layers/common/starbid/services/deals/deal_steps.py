"""A step of a deal as one transaction: the deal, its money, the counters of the two, and the event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from starbid.domain import deal_ratings
from starbid.domain.addresses import Address, kept_until
from starbid.domain.audit_trail import AuditEntry, Decision
from starbid.domain.deal_errors import DealFrozen, NotSold, WrongDealState
from starbid.domain.deal_reminders import after_step
from starbid.domain.deals import Deal, DealState
from starbid.domain.delivered_files import DeliveredFile, files_kept_until
from starbid.domain.errors import NotFound
from starbid.domain.events import (
    AddressGiven,
    AnyEvent,
    DealFroze,
    DealReminded,
    DealThawed,
    DisputeAnswered,
    DisputeWithdrawn,
    LotDelivered,
    LotDisputed,
    LotRated,
    MoneyReleased,
    MoneyReturned,
    RatingsShown,
)
from starbid.domain.ledger import Transfer, bought_part
from starbid.domain.people import Reputation
from starbid.domain.wallet import WalletChange
from starbid.services.debts import Debts
from starbid.services.ports import ConditionFailed, Scheduler, Standing, Store, Unit
from starbid.services.retrying import Stale, with_retries
from starbid.services.settings import Business

Step = Callable[[Deal], tuple[Deal, Transfer | None]]


@dataclass(slots=True)
class _Known:
    """What refused units have told: people who are not registered, and that the two have a deal that counts."""

    unregistered: set[int] = field(default_factory=set)
    pair_counted: bool = False


class DealSteps:
    """Takes deals a step further. Every step is repeatable, and safe to race with any other."""

    def __init__(self, store: Store, scheduler: Scheduler, business: Business) -> None:
        self._store, self._scheduler, self._business = store, scheduler, business
        self._debts = Debts(store)

    def take(
        self,
        auction_id: str,
        step: Step,
        now: datetime,
        by: str = "",
        address: Address | None = None,
        decision: Decision | None = None,
        files: tuple[DeliveredFile, ...] = (),
    ) -> Deal:
        """The deal after `step`, which raises what is in its way; also NotFound, NotSold, DealFrozen, Conflict.

        `address` and `files`: what the step keeps with it. `decision`: the operator's that it carries out. Each step
        sets the time of the next reminder again.
        """
        known = _Known()
        looked_at_before: list[datetime | None] = []

        def attempt(_: int) -> Deal:
            before = self.deal(auction_id)
            looked_at_before[:] = [before.looks_at]
            after, transfer = step(before)
            if after is before:  # done already
                return after
            after = after_step(before, after, now, self._business.deal_times)
            if after.state is DealState.COMPLETED and before.state is not DealState.COMPLETED:
                after = replace(after, counts=deal_ratings.may_count(after) and not known.pair_counted)
            unit = self._store.unit()
            _write(unit, before, after, transfer)
            for person_id, gain in self._gains(before, after).items():
                if person_id not in known.unregistered:
                    unit.add_reputation(person_id, gain)
            if address:
                unit.keep_address(auction_id, address)
            if files:
                unit.keep_files(auction_id, files)
            if decision:
                unit.audit(settled_entry(decision, before, after))
            event = _of_address(before, after, now) if address else _event(before, after, now, by)
            if event:
                unit.emit(event)
            try:
                unit.commit()
            except ConditionFailed as refused:
                _learn(refused, known)
                if refused.blames("wallet"):
                    _explain(before, after, refused)
                raise Stale from refused
            if transfer:
                self._debts.after(transfer, now)
            return after

        after = with_retries(attempt)
        if after.looks_at and [after.looks_at] != looked_at_before:
            self._scheduler.advance_deal_at(auction_id, after.looks_at)
        return after

    def _gains(self, before: Deal, after: Deal) -> dict[int, Reputation]:
        """What the step does for the two; a rating does nothing for a seller who has left, or is a newcomer since."""
        gains = deal_ratings.reputation_gains(before, after)
        if after.seller_id in gains and gains[after.seller_id].seller_ratings:
            seller = self._store.person(after.seller_id, consistent=True)
            if seller and not seller.is_called(self._store.lot(after.auction_id).card.seller_public_id):
                del gains[after.seller_id]
        return gains

    def deal(self, auction_id: str) -> Deal:
        """Raises NotFound, and NotSold where there is a lot without a deal."""
        try:
            return self._store.deal(auction_id)
        except NotFound:
            self._store.auction(auction_id, consistent=True)
            raise NotSold from None


def settled_entry(decision: Decision, before: Deal, after: Deal) -> AuditEntry:
    """An operator's end of a dispute, with the buyer, who raised it, as the person."""
    end = "released to the seller" if after.state is DealState.COMPLETED else "returned to the buyer"
    subject = f"lot/{after.auction_id}"
    return decision.entry("settle-dispute", user_id=after.buyer_id, subject=subject, before=before.state, after=end)


def _write(unit: Unit, before: Deal, after: Deal, transfer: Transfer | None) -> None:
    """What is handed over goes to no buyer who owes (spec, section 2); one who owes nothing any more is neither frozen
    nor given anything back for it.
    """
    unit.save_deal(before, after)
    if transfer:
        unit.post(transfer)
        owing = Standing.OWING if before.frozen_at else Standing.ANY  # a frozen deal goes back to settle a debt
        unit.change_wallet(WalletChange.credit(transfer.user_id, transfer.change, bought_part(transfer)), owing)
    if _delivers(before, after) or _freezes(before, after):
        needed = Standing.SOLVENT if _delivers(before, after) else Standing.OWING
        unit.require_standing(after.buyer_id, after.price.currency, needed)
    if after.counts and not before.counts:
        unit.count_pair(after)
    if before.is_open and after.ended_at and after.addressed_at:
        unit.expire_address(after.auction_id, kept_until(after.ended_at))
    if before.is_open and after.ended_at and after.files:
        unit.expire_files(after.auction_id, files_kept_until(after.ended_at))


def _learn(refused: ConditionFailed, known: _Known) -> None:
    known.unregistered.update(int(refusal.key) for refusal in refused.refusals if refusal.what == "person")
    known.pair_counted |= refused.blames("pair")


def _explain(before: Deal, after: Deal, refused: ConditionFailed) -> None:
    """Raises what a refused wallet means: the buyer owes, or does not owe any more."""
    if _delivers(before, after):
        raise DealFrozen from refused
    if before.frozen_at or _freezes(before, after):
        raise WrongDealState(before.state) from refused


def _freezes(before: Deal, after: Deal) -> bool:
    return after.frozen_at is not None and before.frozen_at is None


def _delivers(before: Deal, after: Deal) -> bool:
    return after.is_delivered and not before.is_delivered


def _event(before: Deal, after: Deal, now: datetime, by: str) -> AnyEvent | None:
    """What a step tells."""
    lot, seller, buyer, reason = after.auction_id, after.seller_id, after.buyer_id, after.reason
    if len(after.ratings) > len(before.ratings):
        rated = buyer if after.ratings[-1].by_seller else seller
        return LotRated(f"rated:{lot}:{rated}", now, lot, rated, after.due_at is None)
    if after.answer and after.answer != before.answer:
        id_ = f"answered:{lot}:{after.version}"
        return DisputeAnswered(id_, now, lot, seller, buyer, after.answer, after.version)
    if after.state is before.state:
        return _of_clock(before, after, now)
    match after.state:
        case DealState.COMPLETED:
            return MoneyReleased(f"released:{lot}", now, lot, seller, buyer, after.payout, after.fee, by, reason)
        case DealState.REFUNDED:
            return MoneyReturned(f"returned:{lot}", now, lot, seller, buyer, after.price, by, reason)
        case DealState.DISPUTED:
            return LotDisputed(f"disputed:{lot}", now, lot, seller, buyer, after.dispute or "")
        case _ if before.state is DealState.DISPUTED:
            return DisputeWithdrawn(f"withdrawn:{lot}", now, lot, seller, buyer)
        case DealState.DELIVERED:
            return LotDelivered(f"delivered:{lot}", now, lot, seller, buyer)
        case _:
            return None


def _of_address(before: Deal, after: Deal, now: datetime) -> AnyEvent:
    """It was given, or corrected."""
    id_, corrected = f"addressed:{after.auction_id}:{after.version}", before.addressed_at is not None
    return AddressGiven(id_, now, after.auction_id, after.seller_id, after.buyer_id, corrected)


def _of_clock(before: Deal, after: Deal, now: datetime) -> AnyEvent | None:
    """What a step in the same state tells: of a freeze, of the end of one, of a reminder, of ratings that appear."""
    lot, seller, buyer, until = after.auction_id, after.seller_id, after.buyer_id, after.due_at
    if until is None:
        appeared = after.state is DealState.COMPLETED and before.due_at is not None
        return RatingsShown(f"ratings:{lot}", now, lot, seller, buyer) if appeared else None
    if before.frozen_at == after.frozen_at:
        if before.remind_at == after.remind_at:
            return None
        waits_for = seller if after.state is DealState.AWAITING_DELIVERY else buyer
        return DealReminded(f"reminded:{lot}:{after.version}", now, lot, seller, buyer, waits_for, after.state.value)
    if after.frozen_at:
        return DealFroze(f"frozen:{lot}:{after.version}", now, lot, seller, buyer, until)
    return DealThawed(f"thawed:{lot}:{after.version}", now, lot, seller, buyer, until)
