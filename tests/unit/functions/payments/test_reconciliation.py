"""The comparison with Telegram as jobs: in pieces, and seen from outside when it stands still."""

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from payments.app import lambda_handler
from payments.jobs import SPARE_MS
from starbid.domain.deals import DealState
from starbid.services.billing.reconciling import AT_ONCE, LATE
from starbid.services.ports import StarTransaction
from tests.support.factories import ANNA, SELLER, join, put_up
from tests.support.fakes import FakeApp
from tests.support.records import Context

SWEEP, RECONCILE = {"job": "sweep"}, {"job": "reconcile"}
PAGES = 35
"""Of one second each, in the sixty that there are. Each begins with the last transaction of the one before."""


class Shrinking(Context):
    """A minute, of which each of Telegram's answers takes a second."""

    def __init__(self, app: FakeApp) -> None:
        super().__init__(60_000)
        listed = app.stars.transactions

        def slow(offset: int, limit: int) -> list[StarTransaction]:
            self._left_ms -= 1_000
            return listed(offset, limit)

        app.stars.__dict__["transactions"] = slow
        self._app = app

    def close(self) -> None:
        del self._app.stars.__dict__["transactions"]


@pytest.fixture(autouse=True)
def told(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What a job logs, from the beginning on."""
    caplog.set_level(logging.INFO)
    return caplog


def run(event: dict[str, str], app: FakeApp) -> None:
    context = Shrinking(app)
    try:
        lambda_handler(event, context)
    finally:
        context.close()


def listed(app: FakeApp, number: int, **changes: Any) -> None:
    first = StarTransaction("t", 5, app.now(), incoming=True, kind="chat")
    app.stars.listed = [replace(first, id=f"t{each}", **changes) for each in range(number)]


def ages(told: pytest.LogCaptureFixture) -> list[int]:
    return [record.ReconciliationAge for record in told.records if hasattr(record, "ReconciliationAge")]


def places(told: pytest.LogCaptureFixture) -> list[tuple[int, bool]]:
    return [(record.place, vars(record)["to_the_end"]) for record in told.records if hasattr(record, "place")]


def test_the_daily_job_says_how_far_it_came_how_old_that_is_and_what_moved_else(
    fake: FakeApp, told: pytest.LogCaptureFixture
) -> None:
    listed(fake, 150)
    fake.clock.forward(hours=1)
    run(RECONCILE, fake)
    assert (places(told), ages(told)) == ([(150, True)], [900])
    movements = [record.other_movements for record in told.records if hasattr(record, "other_movements")]
    assert movements == [{"chat in": {"number": 150, "nanostars": 750_000_000_000}}]
    measured = next(vars(record) for record in told.records if hasattr(record, "ReconciliationAge"))
    assert measured["_aws"]["CloudWatchMetrics"][0]["Metrics"] == [{"Name": "ReconciliationAge", "Unit": "Seconds"}]


def test_a_difference_is_an_error_in_the_log_and_is_counted(fake: FakeApp, told: pytest.LogCaptureFixture) -> None:
    listed(fake, 3, kind="user/invoice_payment")
    fake.clock.forward(hours=1)
    run(RECONCILE, fake)
    errors = [vars(record) for record in told.records if record.levelno == logging.ERROR]
    assert [(e["fault"], e["number"], e["charge_id"], e["is_mended"]) for e in errors] == [
        ("missing", 0, "t0", False),
        ("missing", 1, "t1", False),
        ("missing", 2, "t2", False),
    ]
    assert sum(getattr(record, "ReconciliationDifferences", 0) for record in told.records) == 3


def test_a_backlog_is_worked_off_by_the_sweeps(fake: FakeApp, told: pytest.LogCaptureFixture) -> None:
    listed(fake, 10_000)
    fake.clock.forward(days=3)
    run(RECONCILE, fake)
    for _ in range(4):
        fake.clock.forward(minutes=10)
        run(SWEEP, fake)
    once, more = PAGES * (AT_ONCE - 1) + 1, PAGES * (AT_ONCE - 1)
    assert places(told) == [(once, False), (once + more, False), (10_000, True)]
    assert ages(told) == [3 * 86_400, 3 * 86_400 + 600, 900, 900 + 600, 900 + 1200]


def test_a_sweep_leaves_alone_what_was_compared_today_and_tells_how_long_ago_that_was(
    fake: FakeApp, told: pytest.LogCaptureFixture
) -> None:
    run(RECONCILE, fake)
    fake.clock.now += LATE - timedelta(minutes=15)
    run(SWEEP, fake)
    assert (len(places(told)), ages(told)) == (1, [900, LATE.total_seconds()])
    fake.clock.forward(milliseconds=1)
    run(SWEEP, fake)
    assert (len(places(told)), ages(told)) == (2, [900, LATE.total_seconds(), 900])


def test_a_comparison_that_never_came_is_begun_by_a_sweep(fake: FakeApp, told: pytest.LogCaptureFixture) -> None:
    run(SWEEP, fake)
    assert places(told) == [(0, True)]


def test_a_sweep_that_took_all_the_time_compares_nothing(fake: FakeApp, told: pytest.LogCaptureFixture) -> None:
    lambda_handler(SWEEP, Context(SPARE_MS))
    assert (places(told), ages(told)) == ([(0, False)], [])


def test_where_telegram_fails_everything_else_is_done_and_the_age_is_told(
    fake: FakeApp, told: pytest.LogCaptureFixture
) -> None:
    join(fake, ANNA, stars=1_000)
    lot_id = put_up(fake, buy_now_price=400, duration_seconds=3600).auction.id
    fake.bidding.buy(lot_id, ANNA, 400, fake.now())
    fake.dealing.deliver(SELLER, lot_id, "The code is 42.", fake.now())
    run(RECONCILE, fake)
    fake.clock.forward(days=8)
    fake.stars.fail_next(ConnectionError())
    run(SWEEP, fake)
    assert [record.Failures for record in told.records if hasattr(record, "Failures")] == [1]
    assert fake.store.tables.deals[lot_id].state is DealState.COMPLETED
    assert ages(told) == [900, 8 * 86_400 + 900]


def test_a_job_that_meets_another_at_it_says_so_and_is_done(fake: FakeApp, told: pytest.LogCaptureFixture) -> None:
    fake.scratch.claim("reconciling", 90, fake.now())
    run(RECONCILE, fake)
    assert "compared already" in told.text
    assert places(told) == []
