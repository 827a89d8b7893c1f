"""What a provider says of a bill is made true here: one step, however it is heard of, and however often.

The scheduler asks once a minute, so do the person's button and page, and the provider calls back. The first settles,
and to all others the bill is settled already. What is paid counts whenever it comes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from starbid.domain import bills
from starbid.domain.bills import OPEN_STATES, UNPAID_ENDS, Bill, BillState, ProviderFailed, ProviderStatus, Reported
from starbid.domain.events import BillDiffers, BillEnded, BillPuzzling, ProviderTroubled
from starbid.domain.payments import Charge, Provider
from starbid.services.billing.crediting import put_into_wallet
from starbid.services.ports import (
    BillGateway,
    Contended,
    ProviderTrouble,
    Scheduler,
    Store,
    Unavailable,
    Unit,
)
from starbid.services.retrying import Stale, committed, with_retries
from starbid.services.sweeping import each

SWEEP_LIMIT = 100
MOST_FAILURES = 2
"""A sweep asks a provider no more after so many: each may have taken as long as a provider is waited for."""
TOLD_EVERY = timedelta(minutes=10)
"""Admins hear so often at most that a provider fails."""
Report = Callable[[Provider, ProviderTrouble], None]
"""Logs and counts the trouble of a provider."""

_SETTLED = frozenset(BillState) - OPEN_STATES - UNPAID_ENDS
_ENDS = {ProviderStatus.REJECTED: BillState.REJECTED, ProviderStatus.EXPIRED: BillState.EXPIRED}


class Settling:
    """Asks providers about bills, and settles what they say."""

    def __init__(
        self, store: Store, gateways: Mapping[Provider, BillGateway], scheduler: Scheduler, report: Report
    ) -> None:
        self._store, self._gateways, self._scheduler, self._report = store, gateways, scheduler, report

    def look(self, bill_id: str, now: datetime, *, is_watched: bool = False) -> Bill | None:
        """Ask the provider about a bill and settle; answers the bill as it is then, None for an unknown one.

        `is_watched`: its person has asked, sees what comes of it and goes on with what waited for the money. So no
        notice tells that it ended, or offers to go on.

        Raises ProviderFailed, also where its life has passed meanwhile and it has ended for that. Raises Conflict.
        """
        bill = self._store.bill(bill_id)
        if bill is None or bill.state in _SETTLED:
            return bill
        gateway = self._gateways.get(bill.provider)
        try:
            reported = gateway.find(bill) if gateway else None
        except ProviderTrouble as trouble:
            self.tell_trouble(bill.provider, trouble, now)
            self._let_pass(bill, now, is_watched=False)
            raise ProviderFailed(bill.provider) from trouble
        if reported is None:
            return self._let_pass(bill, now, is_watched=is_watched)
        return self.settle(bill.id, reported, now, is_watched=is_watched)

    def hear(self, provider: Provider, reported: Reported, now: datetime) -> Bill | None:
        """A callback that was verified; None for a bill that is not known here. Raises Conflict."""
        bill = self._store.bill(reported.bill_id)
        if bill is None or bill.provider is not provider:
            return None
        return self.settle(bill.id, reported, now)

    def settle(self, bill_id: str, reported: Reported, now: datetime, *, is_watched: bool = False) -> Bill:
        """The step: what the provider says becomes how the bill stands, once. Raises Conflict."""

        def attempt(_: int) -> tuple[Bill, Bill]:
            before = self._store.bill(bill_id)
            assert before is not None, "bills are never deleted"
            return before, self._step(before, reported, now, is_watched=is_watched)

        before, after = with_retries(attempt)
        self._after(before, after)
        if after.is_open and after.is_over(now):
            return self._close(after, reported, now, is_watched=is_watched)
        if before.state is BillState.CREATING and after.state is BillState.WAITING:
            self._scheduler.look_at_bill(after.id, after.expires_at)
        return after

    def credit(self, bill_id: str, charge: Charge, now: datetime) -> Charge:
        """What Telegram charged on a bill comes into its payer's wallet, once for each charge, however the bill stands:
        the money is there, and the chat goes on with what waited for it. Raises Conflict.
        """

        def attempt(_: int) -> tuple[Bill, Bill]:
            before = self._store.bill(bill_id)
            assert before is not None, "bills are never deleted"
            if self._store.charge(charge.id):
                return before, before
            return before, self._credit(before, charge, now, is_watched=True)

        before, after = with_retries(attempt)
        self._after(before, after)
        return self._store.charge(charge.id) or charge

    def end(self, bill: Bill, state: BillState, now: datetime, *, finally_: bool, is_told: bool = True) -> Bill:
        """It is not paid, as far as anybody knows; unchanged where it has ended already. Raises Conflict."""

        def attempt(_: int) -> tuple[Bill, Bill]:
            before = self._store.bill(bill.id) or bill
            return before, self._end(before, state, now, finally_=finally_, is_told=is_told)

        before, after = with_retries(attempt)
        self._after(before, after)
        return after

    def sweep(self, now: datetime, has_time: Callable[[], bool] = lambda: True) -> int:
        """Look at what schedules missed, and at what may be paid though it has ended; answers for how many seconds the
        life of a bill has been over that is open all the same.

        A provider that fails time and again is not asked about the rest, whose lives pass all the same. What is left
        when `has_time` says no is for the next sweep. Raises an ExceptionGroup after doing what it could.
        """
        failures = Counter[Provider]()

        def look(bill_id: str) -> int:
            bill = self._store.bill(bill_id)
            if bill is not None and has_time():
                self._look_unless_down(bill, failures, now)
                bill = self._look_later(bill_id, now)
            return int((now - bill.expires_at).total_seconds()) if bill and bill.is_open else 0

        return max(each("bills not looked at", self._store.due_bills(now, SWEEP_LIMIT), look), default=0)

    def tell_trouble(self, provider: Provider, trouble: ProviderTrouble, now: datetime) -> None:
        """Support is informed: in the log, by an alarm, and by a message to the admins."""
        self._report(provider, trouble)
        window = int(now.timestamp() // TOLD_EVERY.total_seconds())
        unit = self._store.unit()
        unit.emit(ProviderTroubled(f"provider-troubled:{provider}:{window}", now, provider.value))
        with suppress(Contended, Unavailable):  # the log has it
            unit.commit()

    def _step(self, bill: Bill, reported: Reported, now: datetime, *, is_watched: bool) -> Bill:
        if bill.state in _SETTLED:
            return bill
        match reported.status:
            case ProviderStatus.PAID if bill.matches(reported):
                return self._credit(bill, bills.charge_of(bill, bill.amount, now), now, is_watched=is_watched)
            case ProviderStatus.PAID:
                after = bills.differing(bill, reported, now)
                told = BillDiffers(f"bill-differs:{bill.id}", now, bill.user_id, bill.id, bill.amount, after.paid)
                return self._save(bill, after, lambda unit: unit.emit(told))
            case ProviderStatus.REJECTED | ProviderStatus.EXPIRED:
                return self._end(bill, _ENDS[reported.status], now, finally_=True, is_told=not is_watched)
            case _:
                return self._wait(bill, reported, now)

    def _credit(self, bill: Bill, charge: Charge, now: datetime, *, is_watched: bool) -> Bill:
        """The bill is paid with it, if it is its owner's and was not paid before."""
        wallet = self._store.wallet(charge.user_id, charge.amount.currency, consistent=True)
        order = None if is_watched else self._store.order(bill.id)
        waiting = order.unfinished.act if order and order.unfinished else None
        pays = bill.state not in _SETTLED and charge.user_id == bill.user_id
        after = bills.credited(bill, charge.id, now) if pays else bill
        return self._save(bill, after, lambda unit: put_into_wallet(unit, charge, wallet, now, waiting))

    def _wait(self, bill: Bill, reported: Reported, now: datetime) -> Bill:
        """It is made once the way to pay it is known, which callbacks do not tell: one may overtake the answer that
        does. Something unknown is told once.
        """
        is_made = bill.state is BillState.CREATING and reported.pay_url
        after = bills.created(bill, reported) if is_made else bill
        if reported.status is ProviderStatus.UNKNOWN and bill.is_open and not bill.puzzled:
            after = replace(after, puzzled=True, version=bill.version + 1)
            told = BillPuzzling(f"bill-puzzling:{bill.id}", now, bill.user_id, bill.id, bill.amount, reported.said[:64])
            return self._save(bill, after, lambda unit: unit.emit(told))
        return self._save(bill, after) if is_made else bill

    def _end(self, bill: Bill, state: BillState, now: datetime, *, finally_: bool, is_told: bool = True) -> Bill:
        if bill.state in UNPAID_ENDS and finally_ and bill.look_at is not None:
            return self._save(bill, replace(bill, look_at=None, version=bill.version + 1))
        if not bill.is_open:
            return bill
        after = bills.ended_unpaid(bill, state, now, finally_=finally_)
        told = BillEnded(f"bill-ended:{bill.id}", now, bill.user_id, bill.id, bill.amount, state.value)
        return self._save(bill, after, lambda unit: unit.emit(told) if is_told else None)

    def _let_pass(self, bill: Bill, now: datetime, *, is_watched: bool) -> Bill:
        """Nothing was heard of it. Its life may be over all the same; then it is still asked about for a while."""
        if not bill.is_open or not bill.is_over(now):
            return bill
        is_final = bill.provider is Provider.TELEGRAM  # which takes no money that we have not approved
        return self.end(bill, BillState.EXPIRED, now, finally_=is_final, is_told=not is_watched)

    def _close(self, bill: Bill, reported: Reported, now: datetime, *, is_watched: bool) -> Bill:
        """Its life is over, and the provider would still take money: not any more. What it took just now counts."""
        if reported.status is ProviderStatus.WAITING:
            with suppress(ProviderTrouble):
                self._gateways[bill.provider].cancel(bill)
        return self.end(bill, BillState.EXPIRED, now, finally_=False, is_told=not is_watched)

    def _look_unless_down(self, bill: Bill, failures: Counter[Provider], now: datetime) -> None:
        if failures[bill.provider] >= MOST_FAILURES:
            self._let_pass(bill, now, is_watched=False)
            return
        try:
            self.look(bill.id, now)
        except ProviderFailed:
            failures[bill.provider] += 1

    def _look_later(self, bill_id: str, now: datetime) -> Bill | None:
        """The bill as it is after a look."""
        bill = self._store.bill(bill_id)
        if bill and bill.state in UNPAID_ENDS and bill.look_at is not None and bill.look_at <= now:
            with suppress(Stale):
                self._save(bill, bills.looked_later(bill, now))
        return bill

    def _after(self, before: Bill, after: Bill) -> None:
        if before.is_open and not after.is_open:
            self._scheduler.forget_bill(after.id)

    def _save(self, before: Bill, after: Bill, more: Callable[[Unit], object] = lambda _: None) -> Bill:
        """Raises Stale."""
        unit = self._store.unit()
        if after is not before:
            unit.save_bill(before, after)
        more(unit)
        return committed(unit, after)
