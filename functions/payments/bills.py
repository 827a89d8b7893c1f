"""Bills that are asked about without a person: each every minute, and what was missed in the sweep."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from payments.log import SERVICE
from starbid import observability
from starbid.bootstrap import app
from starbid.domain.bills import Bill, BillState, ProviderFailed

MOST_DIFFERING = 100


def look(bill_id: str, now: datetime) -> None:
    """One look, by its schedule. A provider that fails is told of already; the next look is the next try."""
    with suppress(ProviderFailed):
        bill = app().settling.look(bill_id, now)
        if bill is None or not bill.is_open:
            app().scheduler.forget_bill(bill_id)
        if bill:
            tell(bill)


def sweep(now: datetime, has_time: Callable[[], bool]) -> None:
    """What schedules missed; then how many bills wait for an operator, and how long the longest has been over."""
    overdue = app().settling.sweep(now, has_time)
    observability.count(SERVICE, "DifferingBills", len(app().store.differing_bills(MOST_DIFFERING)))
    observability.seconds(SERVICE, "OpenBillAge", overdue)


def tell(bill: Bill) -> None:
    if bill.state is BillState.DIFFERENT:
        observability.logger(SERVICE).error("a bill was paid otherwise than asked for", extra={"bill": bill.id})
