"""Telegram's list of transactions, and what the comparison makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from starbid.services.billing.reconciling import Compared, Difference
from starbid.services.ports import StarTransaction
from tests.support.factories import ANNA, join, pay
from tests.support.fakes import FakeApp, make_app

LATER = timedelta(hours=1)


def a_paid_charge() -> tuple[FakeApp, StarTransaction]:
    app = make_app()
    join(app, ANNA)
    charge = pay(app, ANNA, 250)
    transaction = StarTransaction(charge.id, 250, app.now(), incoming=True, payer_id=ANNA)
    app.stars.listed = [transaction]
    return app, transaction


def ordered(app: FakeApp, charge_id: str, who: int = ANNA, stars: int = 100) -> StarTransaction:
    """An invoice of ours that was paid, of which we never heard."""
    _, payload = app.paying.order_stars(who, stars, app.now())
    return StarTransaction(charge_id, stars, app.now(), incoming=True, payer_id=who, payload=payload)


def with_secrets(app: FakeApp, **secrets: str) -> FakeApp:
    """The same world in a process that is given these secrets, which may be others than before."""
    app.settings = replace(app.settings, secrets=secrets)
    for made in ("paying", "refunding", "reconciling"):
        app.__dict__.pop(made, None)
    return app


def back(transaction: StarTransaction) -> StarTransaction:
    return replace(transaction, incoming=False)


def compare(
    app: FakeApp, now: datetime | None = None, has_time: Callable[[], bool] = lambda: True
) -> tuple[Compared, list[Difference]]:
    found: list[Difference] = []
    compared = app.reconciling.compare(now or app.now() + LATER, has_time, found.append)
    assert compared is not None
    return compared, found


def differences(app: FakeApp, now: datetime | None = None) -> list[Difference]:
    return compare(app, now)[1]


def faults(app: FakeApp, now: datetime | None = None) -> list[str]:
    return [difference.fault for difference in differences(app, now)]


def looked_at(app: FakeApp, now: datetime | None = None) -> int:
    return compare(app, now)[0].count


def pages(number: int) -> Callable[[], bool]:
    """Time for so many."""
    left = iter([True] * number)
    return lambda: next(left, False)


def many(number: int) -> FakeApp:
    """Payments that no invoice asked for: each is a difference."""
    app, transaction = a_paid_charge()
    app.stars.listed = [replace(transaction, id=f"n{each}") for each in range(number)]
    return app
