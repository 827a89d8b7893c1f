"""The thirteenth invariant finds what a payment left behind that went back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.ledger import REVENUE, Entry, user_account
from starbid.domain.paid_days import PaidDays
from starbid.domain.payments import ChargeState
from tests.support.factories import ANNA, join, pay, xtr
from tests.support.fakes import FakeApp, make_app
from tests.support.invariants import dump_of, violations

DAYS = timedelta(days=30)


def paid() -> FakeApp:
    """ANNA paid `s` into her wallet, and two subscriptions: `gone` went back after ten days."""
    app = make_app()
    join(app, ANNA)
    pay(app, ANNA, 100, "s")
    for charge in ("gone", "here"):
        _, payload = app.paying.order_subscription(ANNA, app.now())
        app.paying.credit(ANNA, charge, payload, 100, "XTR", app.now())
    app.clock.forward(days=10)
    app.refunding.taken_back(ANNA, "gone", "", 100, "XTR", app.now())
    assert violations(dump_of(app.store)) == []
    return app


def with_days(app: FakeApp, *days: PaidDays) -> None:
    anna = app.store.tables.people[ANNA]
    app.store.tables.people[ANNA] = replace(anna, paid_days=days, subscribed_until=days[-1].ends)


def the_days_stay(app: FakeApp) -> None:
    start = app.store.tables.people[ANNA].joined_at
    with_days(app, PaidDays("stars:gone", start, start + DAYS), PaidDays("stars:here", start + DAYS, start + 2 * DAYS))


def the_days_vanish(app: FakeApp) -> None:
    anna = app.store.tables.people[ANNA]
    app.store.tables.people[ANNA] = replace(anna, paid_days=(), subscribed_until=app.now())


def shorter_days(app: FakeApp) -> None:
    first, last = app.store.tables.people[ANNA].paid_days
    with_days(app, first, replace(last, ends=last.ends - timedelta(seconds=1)))


def days_twice(app: FakeApp) -> None:
    *_, last = app.store.tables.people[ANNA].paid_days
    with_days(app, last, PaidDays("stars:here", last.ends, last.ends + timedelta(days=1)))


def longer_days(app: FakeApp) -> None:
    *_, last = app.store.tables.people[ANNA].paid_days
    with_days(app, replace(last, ends=last.ends + timedelta(seconds=1)))


def a_gap(app: FakeApp) -> None:
    first, last = app.store.tables.people[ANNA].paid_days
    with_days(app, first, replace(last, begins=last.begins + timedelta(seconds=1)))


def a_longer_right(app: FakeApp) -> None:
    anna = app.store.tables.people[ANNA]
    assert anna.subscribed_until
    app.store.tables.people[ANNA] = replace(anna, subscribed_until=anna.subscribed_until + timedelta(seconds=1))


def days_of_stars(app: FakeApp) -> None:
    now = app.now()
    with_days(app, PaidDays("stars:s", now, now + DAYS))


def the_revenue_stays(app: FakeApp) -> None:
    """The refund was taken out of the wallet instead."""
    transfers = app.store.tables.transfers
    key = next(key for key in transfers if key.startswith("refund:gone"))
    entries = tuple(
        Entry(user_account(ANNA), each.change) if each.account == REVENUE else each for each in transfers[key].entries
    )
    transfers[key] = replace(transfers[key], entries=entries)


def never_booked(app: FakeApp) -> None:
    charges = app.store.tables.charges
    charges["s"] = replace(charges["s"], state=ChargeState.REFUNDED)


def by_half(app: FakeApp) -> None:
    charges = app.store.tables.charges
    charges["s"] = replace(charges["s"], amount=xtr(50))


@pytest.mark.parametrize(
    "tamper",
    [
        the_days_stay,
        the_days_vanish,
        shorter_days,
        days_twice,
        longer_days,
        a_gap,
        a_longer_right,
        days_of_stars,
        the_revenue_stays,
        never_booked,
        by_half,
    ],
)
def test_what_is_left_behind_is_found(tamper: Callable[[FakeApp], None]) -> None:
    app = paid()
    tamper(app)
    assert "13" in {violation.partition(":")[0] for violation in violations(dump_of(app.store))}
