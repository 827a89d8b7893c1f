"""The parts of a world: waiting messages, tracked holds, a store that is read item by item."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from starbid.domain.events import (
    AnyEvent,
    CreditsBought,
    CreditsWithdrawn,
    DebtOffset,
    PaymentRefunded,
    QuestionAnswered,
    QuestionFailed,
)
from starbid.domain.payouts import SENT_AGAIN_AFTER, PayoutState
from starbid.services.ports import Audience, Notice, StarTransaction
from starbid.storage.event_rows import event_item
from tests.support.fakes import FakeStore
from tests.support.memory_batch import MemoryBatch
from tests.support.memory_tables import Tables

from .storm import Storm

ADMIN, SELLERS, ROGUE = 900, (100, 200), 6
"""An admin; the sellers (who bid too); a person who is sometimes blocked, and misses the notices of that time."""
HOLD_DAYS = 2
"""Money is old enough to leave sooner than in real life, and again and again in the life of a world."""


@dataclass
class Waiting:
    """A message in the notice queue."""

    body: Notice | dict[str, Any]
    visible_at: datetime
    receives: int = 1


def rest_of(event: AnyEvent, audience: Audience) -> dict[str, Any]:
    """The message for people not told of an event yet, as `storage.queues` writes it."""
    return {"event": event_item(event), **asdict(audience)}


def require_payments_as_listed(listed: list[StarTransaction], tables: Tables) -> None:
    """Payments of our invoices that Telegram has are booked, reported or not; refunds too."""
    gone = {each.id for each in listed if not each.incoming}
    for paid in listed:
        charge = tables.charges.get(paid.id)
        assert charge or not paid.payload, f"{paid.id} was paid and never booked"
        assert charge is None or (charge.state == "refunded") is (paid.id in gone), f"{paid.id} is {charge.state}"


@dataclass
class Hold:
    """A sealed bid in somebody's wallet, as seen in the writes: its amount, and how it ended."""

    held: int = 0
    released: int = 0
    captured: int = 0
    endings: int = 0


@dataclass
class Tally:
    """The counts of a course."""

    steps: int = 0
    worlds: int = 0
    recoveries: int = 0
    checks: int = 0
    told: int = 0
    told_twice: int = 0
    excused: int = 0
    holds: int = 0
    pauses: int = 0
    moved: int = 0
    lots: Counter[str] = field(default_factory=Counter)
    currencies: Counter[str] = field(default_factory=Counter)
    deals: Counter[str] = field(default_factory=Counter)
    happened: Counter[str] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    payouts: Counter[str] = field(default_factory=Counter)
    debts: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)

    def count(self, tables: Tables) -> None:
        """The state of a world at its end."""
        kinds = {lot.id: lot.terms.kind for lot in tables.auctions.values()}
        self.lots.update(f"{lot.terms.kind} {lot.ending}" for lot in tables.auctions.values())
        self.currencies.update(f"{lot.currency} {lot.ending}" for lot in tables.auctions.values())
        self.happened.update(f"{kinds[row.auction_id]} {row.kind}" for row in tables.bids.values())
        self.happened.update(type(event).__name__ for event in tables.events.values())
        self.deals.update(deal.state.value for deal in tables.deals.values())
        self.deals.update(f"offer {lot.offer.state}" for lot in tables.auctions.values() if lot.offer)
        self.deals["put up again"] += sum(lot.relisted for lot in tables.auctions.values())
        self.deals["counted"] += sum(deal.counts for deal in tables.deals.values())
        self.debts["won nothing"] += sum(len(lot.left_out) for lot in tables.auctions.values())
        self.deals["ratings"] += sum(len(deal.ratings) for deal in tables.deals.values())
        for payout in tables.payouts.values():
            why = f" for {payout.reason}" if payout.state is PayoutState.RETURNED else ""
            self.payouts[f"{payout.amount.currency} {payout.state}{why}"] += 1
            if payout.tried_at and payout.ended_at and payout.gift:
                self.payouts["gifts sent again"] += payout.tried_at != payout.tried_first
                self.payouts["gifts found in the list"] += payout.ended_at >= payout.tried_at + SENT_AGAIN_AFTER
        for event in tables.events.values():
            if isinstance(event, PaymentRefunded) and event.owed:
                self.debts[f"came up, {event.owed.currency}"] += 1
            self._count_answer(event)
            if isinstance(event, DebtOffset):
                paid = event.id.startswith("offset:offset:")
                self.debts["settled by a payment" if paid else "settled by other money"] += 1
                self.debts["in part only"] += bool(event.left)

    def _count_answer(self, event: AnyEvent) -> None:
        match event:
            case QuestionAnswered():
                self.answers[f"paid by {event.source}"] += 1
                self.answers["stopped"] += event.stopped
            case QuestionFailed():
                self.answers[f"failed, {event.why}"] += 1
            case CreditsBought():
                self.answers["packs from the wallet" if event.from_wallet else "packs by an invoice"] += 1
            case CreditsWithdrawn():
                self.answers["packs taken back"] += 1


class TornStore(FakeStore):
    """Like BatchGetItem: not isolated. Others may write between its items, and each may be stale."""

    def __init__(self, storm: Storm) -> None:
        super().__init__()
        self._storm = storm

    def fetch(self, batch: MemoryBatch) -> None:
        super().fetch(batch)
        before = [want.found.value for want in batch.wants]
        self._storm.between()
        super().fetch(batch)
        for want, older in zip(batch.wants, before, strict=True):
            if self._storm.coin():
                want.found.fill(older)
