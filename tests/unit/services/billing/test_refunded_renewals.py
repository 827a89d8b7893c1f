"""A subscription whose payment we give back is renewed no more: Telegram is told so before the money goes."""

from __future__ import annotations

import pytest

from starbid.domain.payment_errors import NotRefundable
from starbid.domain.payments import Charge, ChargeState
from starbid.domain.renewals import RenewalState
from starbid.services.ports import TryLater
from tests.support.factories import ANNA, join, pay
from tests.support.fakes import Death, FakeApp, make_app
from tests.support.invariants import assert_invariants, dump_of


def renewed(*charges: str) -> FakeApp:
    """ANNA has days out of her wallet, and then those of a native subscription, paid for by these charges."""
    app = make_app()
    join(app, ANNA, stars=100)
    app.people.subscribe(ANNA, "r", app.now())
    _, payload = app.paying.order_subscription(ANNA, app.now())
    for number, charge in enumerate(charges):
        app.paying.credit(ANNA, charge, payload, 100, "XTR", app.now(), update_id=number)
    return app


def states(app: FakeApp) -> list[RenewalState]:
    return [each.state for each in app.store.tables.people[ANNA].renewals]


def charge_of(app: FakeApp, charge: str) -> Charge:
    return app.store.tables.charges[charge]


def test_a_refund_ends_the_renewal_by_the_charge_that_began_it() -> None:
    app = renewed("first", "second")
    assert states(app) == [RenewalState.ACTIVE]
    app.refunding.refund(ANNA, "second", app.now())
    assert (app.stars.ended, app.stars.refunded, states(app)) == (["first"], ["second"], [])
    assert_invariants(dump_of(app.store))


def test_a_refund_of_stars_ends_nothing() -> None:
    app = renewed("first")
    pay(app, ANNA, 50, "s")
    app.refunding.refund(ANNA, "s", app.now())
    assert (app.stars.ended, states(app)) == ([], [RenewalState.ACTIVE])


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("fault", [Death(), TryLater(3)])
def test_one_that_was_not_told_to_telegram_is_told_by_the_sweep(fault: BaseException, after: bool) -> None:
    app = renewed("first")
    app.stars.fail_next(fault, after=after)
    with pytest.raises(type(fault)):
        app.refunding.refund(ANNA, "first", app.now())
    assert (app.stars.refunded, charge_of(app, "first").state) == ([], ChargeState.REFUNDING)
    app.refunding.finish_refunds(app.now())
    assert (set(app.stars.ended), app.stars.refunded, states(app)) == ({"first"}, ["first"], [])
    assert charge_of(app, "first").state is ChargeState.REFUNDED
    assert_invariants(dump_of(app.store))


def test_where_telegram_refuses_the_refund_the_days_are_back_and_renewed_no_more() -> None:
    app = renewed("first")
    until = app.store.tables.people[ANNA].subscribed_until
    app.stars.refusing.add("first")
    with pytest.raises(NotRefundable):
        app.refunding.refund(ANNA, "first", app.now())
    assert (app.stars.ended, states(app)) == (["first"], [])
    assert app.store.tables.people[ANNA].subscribed_until == until
    assert_invariants(dump_of(app.store))


def test_what_telegram_takes_back_by_itself_is_told_by_its_own_reports() -> None:
    app = renewed("first")
    app.refunding.taken_back(ANNA, "first", "", 100, "XTR", app.now())
    assert (app.stars.ended, states(app)) == ([], [RenewalState.ACTIVE])
