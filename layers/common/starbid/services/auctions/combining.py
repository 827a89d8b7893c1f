"""Deciding bids that wait, many in one transaction: group commit by combining.

One row of a lot is changed by every bid on it, and two transactions that meet on it exclude each other. So one of those
who wait, who holds the lot's lease, decides for all: as many bids a second are accepted as fit into transactions that
come one after the other.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar
from uuid import uuid4

from starbid.domain.batches import Batch, decide
from starbid.domain.errors import Conflict, NotFound
from starbid.domain.intents import Intent, Outcome, Refused
from starbid.domain.wallet import Wallet
from starbid.services.debts import Debts
from starbid.services.ports import (
    ConditionFailed,
    Contended,
    Found,
    Intents,
    Pace,
    Refusal,
    Scheduler,
    Store,
    Unavailable,
)
from starbid.services.retrying import with_retries
from starbid.services.settings import Business
from starbid.services.writing import write_batch

T = TypeVar("T")

MOST_ITEMS = 100
"""Of one transaction (AWS)."""
MOST_INTENTS = 48
"""Read for one batch. Those that are refused take one item each, those that are accepted three or four."""
ALL_INTENTS = 10_000
"""More than can have come in the time for which a bid waits."""
SHIFT_SECONDS = 1.5
"""How long one combiner works for others: its own bidder waits for their answer meanwhile."""
LEASE = timedelta(seconds=3)
"""Longer than a shift and its last transaction. A combiner that died is missed for so long."""
APART_SECONDS = 0.1
"""How long somebody's bids are left out whose wallet was in another transaction."""
TRIES = 5
"""At one batch; each leaves out who was in its way."""
PATIENCE_SECONDS = 10.0
DRAIN_AFTER = timedelta(seconds=10)
"""When somebody looks after those whose function died while they waited; and again, as long as a crowd is there."""
LOOKED_AFTER = 2 * DRAIN_AFTER
"""A lot is looked after until nothing has been decided on it for so long."""
_PAUSE_SECONDS = 0.05


@dataclass(slots=True)
class _Shift:
    """What a combiner remembers from batch to batch. `outcomes` are by intent, `apart` by person until when.

    `line` is the line as it was read while the last batch was written.
    """

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    apart: dict[int, float] = field(default_factory=dict)
    line: Callable[[], list[Intent]] | None = None

    def undecided(self) -> list[Intent]:
        """Who was seen to wait, and still does. None may be found where somebody waits."""
        line, self.line = self.line, None
        return [intent for intent in line() if intent.id not in self.outcomes] if line else []

    def ready(self, intents: list[Intent], now: float) -> list[Intent]:
        """The first of them, but for those who are apart."""
        return [intent for intent in intents if self.apart.get(intent.person_id, 0) <= now][:MOST_INTENTS]

    def put_apart(self, refusals: Iterable[Refusal], until: float) -> None:
        self.apart |= {int(refusal.key): until for refusal in refusals if refusal.what == "wallet"}


class Combining:
    """Decides what waits on a lot. Safe to do by several at once, only slow: each intent is decided once."""

    def __init__(self, store: Store, intents: Intents, scheduler: Scheduler, pace: Pace, business: Business) -> None:
        self._store, self._intents, self._scheduler = store, intents, scheduler
        self._pace, self._business, self._debts = pace, business, Debts(store)

    def take_lease(self, auction_id: str, holder: str) -> bool:
        now = self._pace.now()
        return self._intents.take_lease(auction_id, holder, now + LEASE, now)

    def work(self, auction_id: str, holder: str) -> dict[str, Outcome]:
        """Decide until nothing waits or the shift is over, and give the lease back; answers the outcomes by intent."""
        shift, until = _Shift(), self._pace.elapsed() + SHIFT_SECONDS
        try:
            while self._round(auction_id, shift) and self._pace.elapsed() < until:
                pass
        finally:
            self._give_back(auction_id, holder)
        return shift.outcomes

    def oldest(self, auction_id: str) -> Intent | None:
        """Who has waited longest; None where nobody waits."""
        return next(iter(self._intents.waiting(auction_id, 1)), None)

    def insist(self, auction_id: str, attempt: Callable[[int], T]) -> T:
        """Try to change the lot; where a crowd is in the way, take the lease from it: who decides now does so to the
        end of the shift, and nobody follows. Among hundreds who want it, one who waited for it would need luck.

        Raises Conflict, and what `attempt` does.
        """
        try:
            return with_retries(attempt, self._pace.sleep)
        except Conflict:
            holder, until = uuid4().hex, self._pace.elapsed() + PATIENCE_SECONDS
        try:
            while True:
                self._seize_lease(auction_id, holder)
                with suppress(Conflict):
                    return with_retries(attempt, self._pace.sleep)
                self._rest(until)
        finally:
            self._give_back(auction_id, holder)

    def drain(self, auction_id: str) -> None:
        """Decide all that waits, as nobody may wait for it. Raises Conflict where that takes long."""
        holder, until = uuid4().hex, self._pace.elapsed() + PATIENCE_SECONDS
        while self.oldest(auction_id):
            with suppress(Contended):
                if self.take_lease(auction_id, holder):
                    self.work(auction_id, holder)
            self._rest(until)

    def _seize_lease(self, auction_id: str, holder: str) -> None:
        now = self._pace.now()
        with suppress(Contended):
            self._intents.take_lease(auction_id, holder, now + LEASE, now + 2 * LEASE)  # by when any has run out

    def _give_back(self, auction_id: str, holder: str) -> None:
        with suppress(Contended, Unavailable):  # it runs out by itself
            self._intents.give_back_lease(auction_id, holder, self._pace.now())

    def _rest(self, until: float) -> None:
        if self._pace.elapsed() > until:
            raise Conflict
        self._pace.sleep(_PAUSE_SECONDS)

    def _round(self, auction_id: str, shift: _Shift) -> bool:
        """Decide one batch; answers whether somebody waited."""
        intents = shift.undecided() or self._intents.waiting(auction_id, MOST_INTENTS)
        left = shift.ready(intents, self._pace.elapsed())
        if intents and not left:  # others wait behind those who are apart, it may be
            left = shift.ready(self._intents.waiting(auction_id, ALL_INTENTS), self._pace.elapsed())
        if intents and not left:
            self._pace.sleep(_PAUSE_SECONDS)
        for _ in range(TRIES):
            if left:
                left = self._try(auction_id, left, shift)
        return bool(intents)

    def _try(self, auction_id: str, intents: list[Intent], shift: _Shift) -> list[Intent]:
        """Decide and write them; answers who is to be tried again, none where the next round has to look first.

        A wallet costs its owner the place in this batch, not the batch.
        """
        try:
            batch = self._decide(auction_id, intents)
            shift.line = self._intents.ask_waiting(auction_id, MOST_INTENTS + len(batch.outcomes))
            self._write(batch)
        except ConditionFailed as refused:
            return _without(intents, refused.refusals)
        except Contended as busy:
            shift.put_apart(busy.refusals, until=self._pace.elapsed() + APART_SECONDS)
            self._pace.sleep(random.uniform(0, _PAUSE_SECONDS))
            return _without(intents, busy.refusals)
        except Unavailable:  # whether it was written is not known
            shift.line = None
            self._pace.sleep(_PAUSE_SECONDS)
            return []
        except Exception:
            self._one_by_one(auction_id, intents)
            raise
        shift.outcomes |= {intent.id: outcome for intent, outcome in batch.outcomes}
        return []

    def _one_by_one(self, auction_id: str, intents: list[Intent]) -> None:
        """After a fault of ours, which somebody has to hear of: it costs the bid in which it lies. Otherwise it would
        come again with each batch, and the lot would never end.
        """
        for intent in intents:
            with suppress(ConditionFailed, Contended, Unavailable):  # the next round sees to it
                try:
                    self._write(self._decide(auction_id, [intent]))
                except (ConditionFailed, Contended, Unavailable):
                    raise
                except Exception:
                    self._refuse(intent)

    def _refuse(self, intent: Intent) -> None:
        unit = self._store.unit()
        unit.decide_intent(intent, Refused(Conflict()))
        unit.commit()

    def _decide(self, auction_id: str, intents: list[Intent]) -> Batch:
        """Raises NotFound; Contended where a debt could not be settled meanwhile."""
        reads = self._store.batch()
        auction, wallets = reads.auction(auction_id, consistent=True), self._wallets(reads.wallet, intents)
        keys = {intent.memory.key for intent in intents if intent.memory}
        records = {key: reads.record(key) for key in keys}
        reads.fetch()
        if auction.value is None:
            raise NotFound
        answered = {key for key, record in records.items() if record.value}
        fee, times = self._business.fee_percent, self._business.deal_times
        return decide(auction.value, wallets(), intents, answered, fee, times, MOST_ITEMS)

    def _wallets(
        self, read: Callable[..., Found[Wallet | None]], intents: list[Intent]
    ) -> Callable[[], dict[int, Wallet]]:
        """Reads the wallets of all who wish something; what is called after the read settles what they owe and can."""
        currency, people = intents[0].amount.currency, {intent.person_id for intent in intents}
        paying = {who: read(who, currency, consistent=True) for who in people}

        def found() -> dict[int, Wallet]:
            wallets = {who: wallet.value or Wallet.empty(who, currency) for who, wallet in paying.items()}
            return {who: self._settled(wallet) for who, wallet in wallets.items()}

        return found

    def _settled(self, wallet: Wallet) -> Wallet:
        if not wallet.covered:
            return wallet
        try:
            return self._debts.offset(wallet.user_id, wallet.currency, self._pace.now())
        except Conflict:
            raise Contended(refusals=(Refusal("wallet", str(wallet.user_id)),)) from None

    def _write(self, batch: Batch) -> None:
        unit = self._store.unit()
        write_batch(unit, batch)
        unit.commit()
        deal = batch.closed.deal if batch.closed else None
        if deal and deal.looks_at:
            self._scheduler.advance_deal_at(batch.after.id, deal.looks_at)


def _without(intents: list[Intent], refusals: Iterable[Refusal]) -> list[Intent]:
    """Those that nothing is known against."""
    wallets = {refusal.key for refusal in refusals if refusal.what == "wallet"}
    decided = {refusal.key for refusal in refusals if refusal.what == "intent"}
    return [intent for intent in intents if intent.id not in decided and str(intent.person_id) not in wallets]
