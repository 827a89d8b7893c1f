"""Telegram's list of transactions against the charges that were booked."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from starbid.services.ports import StarTransaction
from starbid.services.reconciling import Difference
from tests.support.factories import ANNA, join, pay
from tests.support.fakes import START, Death, FakeApp, make_app

LATER = timedelta(hours=1)


def a_paid_charge() -> tuple[FakeApp, StarTransaction]:
    app = make_app()
    join(app, ANNA)
    charge = pay(app, ANNA, 250)
    transaction = StarTransaction(charge.id, 250, app.now(), incoming=True)
    app.stars.listed = [transaction]
    return app, transaction


def faults(app: FakeApp, now: datetime | None = None) -> list[str]:
    found: list[Difference] = []
    app.reconciling.compare(now or app.now() + LATER, found.append)
    return [difference.fault for difference in found]


def looked_at(app: FakeApp, now: datetime) -> int:
    return app.reconciling.compare(now, lambda _: None)


def test_what_was_booked_as_paid_is_no_difference() -> None:
    app, _ = a_paid_charge()
    assert faults(app) == []
    assert looked_at(app, app.now() + LATER) == 0


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"id": "unheard"}, "missing"),
        ({"amount": 251}, "amount"),
        ({"incoming": False}, "refund"),
    ],
)
def test_a_difference_is_named(change: dict[str, object], fault: str) -> None:
    app, transaction = a_paid_charge()
    app.stars.listed = [replace(transaction, **change)]
    assert faults(app) == [fault]


def test_a_refund_that_was_booked_is_no_difference() -> None:
    app, transaction = a_paid_charge()
    app.refunding.refund(ANNA, transaction.id, app.now())
    app.stars.listed.append(replace(transaction, incoming=False))
    assert faults(app) == []


def test_what_is_no_invoice_of_ours_is_not_compared() -> None:
    app, transaction = a_paid_charge()
    app.stars.listed = [replace(transaction, id="withdrawal", incoming=False, of_invoice=False)]
    assert faults(app) == []


def test_a_payment_that_may_be_on_its_way_waits_for_the_next_time() -> None:
    app, transaction = a_paid_charge()
    app.stars.listed = [replace(transaction, id="new", at=START)]
    assert looked_at(app, START + timedelta(minutes=15) - timedelta(milliseconds=1)) == 0
    assert faults(app, START + timedelta(minutes=15)) == ["missing"]


def test_each_transaction_is_looked_at_once_over_many_pages() -> None:
    app, transaction = a_paid_charge()
    app.stars.listed = [replace(transaction, id=f"{number}") for number in range(250)]
    later = app.now() + LATER
    assert looked_at(app, later) == 250
    assert looked_at(app, later) == 0


def test_a_comparison_that_telegram_cuts_short_begins_where_it_began() -> None:
    app, transaction = a_paid_charge()
    app.stars.listed = [replace(transaction, id="missing")]
    app.stars.fail_next(ConnectionError())
    with pytest.raises(ConnectionError):
        looked_at(app, app.now() + LATER)
    assert faults(app) == ["missing"]


def test_a_difference_that_could_not_be_reported_is_reported_the_next_time() -> None:
    app, transaction = a_paid_charge()
    app.stars.listed = [replace(transaction, id="missing")]

    def die(_: Difference) -> None:
        raise Death

    with pytest.raises(Death):
        app.reconciling.compare(app.now() + LATER, die)
    assert faults(app) == ["missing"]
