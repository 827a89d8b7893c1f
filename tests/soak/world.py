"""The market of a soak: an App over fakes in a storm, with streams, queues and alarms that retry like AWS's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any

import auction_closer.app
import clerk.app
import notifier.app
import notifier.sender
import payments.app
from starbid import bootstrap
from starbid.domain.auction import Auction, Status
from starbid.domain.errors import Blocked, StarbidError
from starbid.domain.payments import Provider
from starbid.domain.wallet import WalletChange
from starbid.services.ports import Contended, Notice, StarTransaction, TryLater, Unavailable
from starbid.storage.scheduler import LAST_LOOK
from tests.support import billed, factories
from tests.support.desk import deciding, decision
from tests.support.failing import Death
from tests.support.fake_addresses import FakeAddresses
from tests.support.fake_bills import FakeBills
from tests.support.fake_intents import FakeIntents
from tests.support.fake_watches import FakeWatches
from tests.support.fakes import (
    START,
    FakeApp,
    FakeAssistantWork,
    FakeClock,
    FakeDeskWork,
    FakeMessenger,
    FakeOutgoing,
    FakePace,
    FakeScheduler,
    FakeScratch,
    FakeStars,
)
from tests.support.fiat import rub, top_up
from tests.support.memory_assistant import FakeQuestions
from tests.support.memory_desk import FakeDesk
from tests.support.paying_out import earned
from tests.support.records import Context, batch, failures, message, record_of, wallet_record

from .answers import Answers
from .checks import Checks
from .parts import (
    ADMIN,
    HOLD_DAYS,
    ROGUE,
    SELLERS,
    Hold,
    Tally,
    TornStore,
    Waiting,
    require_payments_as_listed,
    rest_of,
)
from .stood_still import StoodStill
from .storm import Exposed, ExposedShop, Storm

BIDDERS = (1, 2, 3, 4, 5, ROGUE)
PEOPLE = (*BIDDERS, *SELLERS)
HIDDEN = timedelta(seconds=180)
"""How long a queue hides a message that was received and not finished."""
SWEPT_EVERY = timedelta(minutes=1)
TRIES = 3
ENVIRONMENT = billed.ENVIRONMENT | {
    "PAYOUT_HOLD_DAYS": str(HOLD_DAYS),
    "ASSISTANT_ENABLED": "true",
    "ASSISTANT_DAILY_TOKENS": "60000",
    "TRIAL_MESSAGES": "5",
    "ASSISTANT_QUOTA": "4",
}
PROVIDERS = (Provider.QIWI, Provider.CRYPTOPAY)
Handler = Callable[[dict[str, Any], Any], dict[str, Any] | None]
EXPECTED = (StarbidError, Contended, Unavailable, TimeoutError, TryLater)
"""Errors that an act may end with, besides a crash; anything else is a bug."""


class World(Checks):
    """One market from its opening until everything has ended."""

    def __init__(self, dice: Random, tally: Tally) -> None:
        self.dice, self.tally, self.storm = dice, tally, Storm(dice)
        clock = FakeClock()
        self.store, self.scratch, self.scheduler = TornStore(self.storm), FakeScratch(), FakeScheduler(clock)
        self.watches, self.outgoing = FakeWatches(), FakeOutgoing()
        self.messenger, self.stars, self.shop, self.desk_work = (
            FakeMessenger(),
            FakeStars(),
            FakeBills(),
            FakeDeskWork(),
        )
        self.stars.clock = clock
        asked = FakeAssistantWork()
        names = ("scratch", "scheduler", "watches", "outgoing", "messenger", "stars", "desk_work")
        exposed: dict[str, Any] = {name: Exposed(name, getattr(self, name), self.storm) for name in names}
        exposed["catalogue"] = Exposed("catalogue", self.store.catalogue, self.storm)
        exposed["addresses"] = Exposed("addresses", FakeAddresses(self.store), self.storm)
        exposed["desk"] = Exposed("desk", FakeDesk(self.store), self.storm)
        exposed["questions"] = Exposed("questions", FakeQuestions(self.store), self.storm)
        exposed["assistant_work"] = Exposed("assistant_work", asked, self.storm)
        exposed["intents"] = Exposed("intents", FakeIntents(self.store), self.storm)
        exposed["bill_gateways"] = dict.fromkeys(PROVIDERS, ExposedShop("bills", self.shop, self.storm))
        self.app = FakeApp(ENVIRONMENT, store=Exposed("store", self.store, self.storm, self._note), **exposed)
        self.app.clock = clock
        self.app.pace = FakePace(clock, moves_clock=True)
        self.answers = Answers(self.app, asked, dice, self.storm)
        bootstrap._app = self.app
        self.handed: Counter[str] = Counter()
        self._pays: dict[str, bool] = {}
        self.holds: dict[tuple[int, str], Hold] = {}
        self.sent: dict[str, Notice] = {}
        self.charges: list[tuple[int, str, str, int]] = []
        self.numbers = count(1)
        self.tries: Counter[Any] = Counter()
        self._records: list[dict[str, Any]] = []
        self._debtors: list[dict[str, Any]] = []
        self._queue: list[Waiting] = []
        self._jobs: list[Waiting] = []
        self.stood_still = StoodStill()
        for who in (*PEOPLE, ADMIN):
            until = START + timedelta(days=3650) if who in SELLERS else None
            factories.join(self.app, who, subscribed_until=until)
            if who != ADMIN:
                self.pay(who, 2_000, f"first-{who}")
                earned(self.app, 2_600, who=who, days_ago=2 * HOLD_DAYS)
                top_up(self.app, who, rub(300_000), f"first-bill-{who}")
                self._knows_the_helper(who)
        clock.forward(days=HOLD_DAYS)

    def _knows_the_helper(self, who: int) -> None:
        self.app.asking.consent(who, START, given=True)
        self.app.buying.change(who, 5, deciding("a welcome", START))

    # --- for acts -----------------------------------------------------------------------------------------------------

    def some_lot(self) -> Auction | None:
        """Mostly a live one; sometimes one that is due, scheduled or over."""
        lots = self.lots()
        lively = [lot for lot in lots if lot.status(self.now) is Status.LIVE]
        return self.dice.choice(lively if lively and self.dice.random() < 0.9 else lots) if lots else None

    def others_at(self, lot: Auction) -> tuple[int, int]:
        """Changes where others have acted meanwhile, or bids that waited on the lot were decided by the act."""
        waiting = (each for each in self.store.tables.intents.values() if each.intent.auction_id == lot.id)
        return self.storm.interleaved, sum(each.is_undecided for each in waiting)

    def pay(self, who: int, stars: int, charge: str) -> None:
        payload = ""  # a blocked person gets no invoice, but an older one may still be paid
        with suppress(Blocked):
            _, payload = self.app.paying.order_stars(who, stars, self.now)
        self.is_paid(who, charge, payload, stars)
        self.app.paying.credit(who, charge, payload, stars, "XTR", self.now)

    def is_paid(self, who: int, charge: str, payload: str, stars: int) -> None:
        """Paid at Telegram, not reported to us yet."""
        self.charges.append((who, charge, payload, stars))
        paid = StarTransaction(charge, stars, self.now, incoming=True, payer_id=who, payload=payload)
        self.stars.listed.append(paid)

    def pays(self, payout_id: str) -> bool:
        """Whether operators pay it once it is theirs, or find that they cannot: they agree on that."""
        return self._pays.setdefault(payout_id, self.dice.random() < 0.8)

    def lists_catch_up(self) -> None:
        """What was written before is seen in all lists, what comes is not."""
        if self.store.lag:
            self.store.lag = True

    # --- what AWS does ------------------------------------------------------------------------------------------------

    def alarms(self) -> None:
        """Due schedules and delayed messages call their functions; failures are repeated."""
        for alarm in self.scheduler.due():
            try:
                with self.process():
                    _wake(alarm.what, alarm.auction_id)
            except Failed:
                self.tries[alarm] += 1
                if self.tries[alarm] < TRIES or alarm.what in ("remind", "start"):
                    self.scheduler.alarms.append(alarm)
        self._look_at_bills()

    def _look_at_bills(self) -> None:
        """The schedule of each open bill calls once a minute, until some minutes after its end."""
        for bill_id, until in list(self.scheduler.bills.items()):
            if self.now > until + LAST_LOOK:
                del self.scheduler.bills[bill_id]
                continue
            with self.forgiven():
                payments.app.lambda_handler({"job": "bill", "bill": bill_id}, Context())

    def sweep(self) -> None:
        for handler, event in ((auction_closer.app, {"sweep": True}), (payments.app, {"job": "sweep"})):
            with self.forgiven():
                handler.lambda_handler(event, Context())

    def streams(self) -> None:
        """A batch of the streams, in order; it is repeated from the first failed record."""
        self._records += [record_of(row) for row in self.store.take_stream()]
        taken = self._records[: self.dice.randrange(1, 11)]
        if not taken:
            return
        try:
            with self.process():
                failed = failures(notifier.app.lambda_handler(batch(*taken), Context()))
        except Failed:
            failed = [taken[0]["dynamodb"]["SequenceNumber"]]
        numbers = [record["dynamodb"]["SequenceNumber"] for record in taken]
        done = numbers.index(failed[0]) if failed else len(taken)
        self._records = self._records[done:]
        self._take_notices()

    def debts(self) -> None:
        """A batch of the stream of wallets with a debt, in order; it is repeated from the first failed record.

        The stream waits a second, and no index is behind for longer.
        """
        self.lists_catch_up()
        self._debtors += [wallet_record(*debtor) for debtor in self.store.take_debtors()]
        taken = self._debtors[: self.dice.randrange(1, 11)]
        if not taken:
            return
        try:
            with self.process():
                failed = failures(payments.app.lambda_handler(batch(*taken), Context()))
        except Failed:
            failed = [taken[0]["dynamodb"]["SequenceNumber"]]
        numbers = [record["dynamodb"]["SequenceNumber"] for record in taken]
        self._debtors = self._debtors[numbers.index(failed[0]) if failed else len(taken) :]

    def queue(self) -> None:
        """Some messages of the notice queue."""
        self._receive(self._queue, notifier.sender.lambda_handler, "NoticeQueue")
        self._take_notices()

    def clerk(self) -> None:
        """Some messages of the desk's queue."""
        asked, self.desk_work.asked = self.desk_work.asked, []
        for job, facts, seconds in asked:
            self._jobs.append(Waiting({"job": job, **facts}, self.now + timedelta(seconds=seconds)))
        self._receive(self._jobs, clerk.app.lambda_handler, "DeskQueue")

    def helper(self) -> None:
        """Some messages of the helper's queue."""
        self.answers.receive(self.process, Failed)

    def sweep_helper(self) -> None:
        with self.forgiven():
            self.answers.worker().sweep(self.now)

    def _receive(self, queue: list[Waiting], handler: Handler, name: str) -> None:
        """Up to ten messages; unfinished ones are repeated, and sometimes finished ones too."""
        visible = [waiting for waiting in queue if waiting.visible_at <= self.now]
        taken = visible[: self.dice.randrange(1, 11)]
        if not taken:
            return
        sent = [message(waiting.body, waiting.receives, name) for waiting in taken]
        records = {record["messageId"]: (record, waiting) for record, waiting in zip(sent, taken, strict=True)}
        try:
            with self.process():
                failed = failures(handler(batch(*sent), Context()))
        except Failed:
            failed = list(records)
        for id_, (record, waiting) in records.items():
            again = self.dice.random() < 0.03
            if id_ not in failed and not again:
                if waiting in queue:  # others may have received it meanwhile
                    queue.remove(waiting)
                continue
            seconds = self.outgoing.postponed.get(record["receiptHandle"])
            waiting.visible_at = self.now + (HIDDEN if seconds is None else timedelta(seconds=seconds))
            waiting.receives += 1

    def functions(self) -> None:
        """All background jobs, once."""
        jobs = (self.alarms, self.sweep, self.streams, self.debts, self.queue, self.clerk)
        for function in (*jobs, self.sweep_helper, self.helper):
            function()

    def drain(self) -> None:
        """Good weather and time until nothing is left to do; then everybody has been told everything."""
        self.storm.calm()
        self.storm.telegram_is_down = self.store.lag = False
        for _ in range(5_000):
            self.functions()
            if waits := [*self._queue, *self._jobs]:
                self.app.clock.now = max(self.now, min(waiting.visible_at for waiting in waits))
            elif self.answers.next_at:
                self.app.clock.now = max(self.now + SWEPT_EVERY, self.answers.next_at)
            elif self.pauses.unmoved:  # the message is lost: a sweep sees that
                self.app.clock.forward(minutes=1)
            elif not self._records and not self.store._stream and not self._is_due() and not self._debts_wait():
                break
        else:
            raise AssertionError("it never settles down")
        self.check()
        self.check_told()
        self.check_debts()
        self.check_moved()
        self.check_answers()

    def _debts_wait(self) -> bool:
        return bool(self._debtors or self.store._debtors)

    def _is_due(self) -> bool:
        return any(lot.is_due(self.now) for lot in self.lots()) or any(a.at <= self.now for a in self.scheduler.alarms)

    def _take_notices(self) -> None:
        """Messages sent by the notifier are in the queue, even if the answer was lost."""
        self.sent |= {notice.id: notice for notice in self.outgoing.notices}
        self._queue += [Waiting(notice, self.now) for notice in self.outgoing.notices]
        self._queue += [Waiting(rest_of(*rest), self.now) for rest in self.outgoing.rests]
        self.outgoing.notices.clear()
        self.outgoing.rests.clear()

    # --- deaths and failures ------------------------------------------------------------------------------------------

    @contextmanager
    def process(self) -> Iterator[None]:
        """A run of a function: if it fails or crashes, Failed is raised, and the next one starts from scratch."""
        try:
            yield
        except Death:
            self.storm.calm()
            raise Failed from None
        except ExceptionGroup as group:
            _require_expected(group)
            raise Failed from group
        except EXPECTED as failure:
            raise Failed from failure

    @contextmanager
    def forgiven(self) -> Iterator[None]:
        """The same, ignoring how it ended."""
        with suppress(Failed), self.process():
            yield

    def end(self) -> None:
        """Everything ends: no pause holds, no hold is left, no money in escrow, no lot open."""
        self.drain()
        if self.pauses.running:
            self.app.pausing.resume(deciding("enough", self.now))
        for _ in range(4):
            for deal in self.store.open_disputes(1_000):
                self.app.dealing.resolve(deciding("so be it", self.now), deal.auction_id, self.dice.random() < 0.5)
            for bill in self.store.differing_bills(1_000):
                self.app.bill_review.mark_returned(bill.id, decision(self.app, at=self.now))
            self.app.clock.forward(days=31)
            self.drain()
        assert all(lot.is_final for lot in self.lots())
        require_payments_as_listed(self.stars.listed, self.store.tables)
        assert not any(wallet.held for wallet in self.store.tables.wallets.values())
        assert all(deal.state in ("completed", "refunded") for deal in self.store.tables.deals.values())
        self.check_line()
        self.check_bills()
        self.check_payouts()
        self.check_addresses()
        self.check_decisions()
        assert all(hold.endings == 1 for hold in self.holds.values())
        offers = [lot.offer for lot in self.lots() if lot.offer]
        assert all(offer.state != "open" for offer in offers), "an offer that nobody answered never ended"
        told = Counter(notice.id for _, notice, _ in self.messenger.told)
        self.tally.told += len(told)
        self.tally.told_twice += sum(times - 1 for times in told.values())
        self.tally.excused += sum(self.storm.excused.values())
        self.tally.holds += len(self.holds)
        self.tally.answers["told"] += len(self.answers.told)
        self.tally.answers["told twice"] += sum(times - 1 for times in self.answers.told.values())
        self.tally.answers["excused"] += sum(self.storm.excused_answers.values())
        self.tally.pauses += len(self.stood_still.ended)
        self.tally.moved += self.stood_still.moved
        self.tally.worlds += 1

    def _note(self, change: WalletChange) -> None:
        """Follow a sealed bid's money through the writes."""
        if change.stake is None:
            return
        hold = self.holds.setdefault((change.user_id, change.stake.auction_id), Hold())
        if change.stake.after:
            hold.held += change.held.amount
        else:
            hold.endings += 1
            hold.released += change.available.amount
            hold.captured += -change.held.amount - change.available.amount


class Failed(Exception):
    """A function did not finish; its caller calls again."""


def _require_expected(group: BaseExceptionGroup[BaseException]) -> None:
    for failure in group.exceptions:
        if isinstance(failure, BaseExceptionGroup):
            _require_expected(failure)
        elif not isinstance(failure, (*EXPECTED, Death)):
            raise failure


def _wake(what: str, auction_id: str) -> None:
    match what:
        case "close":
            records = batch(message({"auction_id": auction_id}, queue="CloserQueue"))
            if failures(auction_closer.app.lambda_handler(records, Context())):
                raise Unavailable("it comes again")
        case "deal":
            payments.app.lambda_handler({"job": "deal", "auction_id": auction_id}, Context())
        case _:
            auction_closer.app.lambda_handler({"job": what, "auction_id": auction_id}, Context())
