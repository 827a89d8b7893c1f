"""Spec, sections 2 and 3: a payment taken back undoes what it bought directly; days of a subscription go with it."""

from datetime import datetime, timedelta

import pytest

from starbid.domain.errors import InDebt
from starbid.domain.money import Money
from starbid.domain.payment_errors import NotRefundable
from starbid.domain.payments import Charge, ChargeState
from tests.support.factories import ANNA, join, pay, put_up, xtr
from tests.support.fakes import Death, FakeApp, make_app
from tests.support.invariants import assert_invariants, dump_of

DAYS = timedelta(days=30)


def native(app: FakeApp, charge: str) -> Charge:
    """30 days paid in Telegram directly."""
    _, payload = app.paying.order_subscription(ANNA, app.now())
    return app.paying.credit(ANNA, charge, payload, 100, "XTR", app.now())


def subscribed(*charges: str) -> FakeApp:
    app = make_app()
    join(app, ANNA)
    for charge in charges:
        native(app, charge)
    return app


def until(app: FakeApp) -> datetime | None:
    return app.store.tables.people[ANNA].subscribed_until


def take_back(app: FakeApp, charge: str) -> None:
    app.refunding.taken_back(ANNA, charge, "", 100, "XTR", app.now())
    assert_invariants(dump_of(app.store))


def test_unused_days_are_withdrawn_and_used_ones_are_not_charged() -> None:
    app = subscribed("n1")
    lot = put_up(app, ANNA)
    app.clock.forward(days=10)
    take_back(app, "n1")
    assert until(app) == app.now()
    assert app.store.wallet(ANNA, "XTR").owed == xtr(0)
    assert app.store.auction(lot.auction.id).status(app.now()) != "cancelled", "live lots run on"
    app.run_streams()
    assert {"refunded", "subscription_shortened"} < set(app.messenger.kinds_for(ANNA))
    app.people.end_subscriptions(app.now())
    assert not app.store.tables.people[ANNA].may_sell(app.now())


def test_days_bought_later_move_up() -> None:
    app = subscribed("n1", "n2")
    start = app.now()
    app.clock.forward(days=10)
    take_back(app, "n1")
    assert until(app) == start + timedelta(days=40)
    app.clock.forward(days=5)
    take_back(app, "n2")
    assert until(app) == app.now()


def test_days_that_have_all_been_used_are_gone_and_nothing_is_withdrawn() -> None:
    app = subscribed("n1", "n2")
    app.clock.forward(days=31)
    before = until(app)
    take_back(app, "n1")
    assert until(app) == before


def test_the_report_twice_withdraws_once() -> None:
    app = subscribed("n1", "n2")
    for _ in range(3):
        take_back(app, "n1")
    assert until(app) == app.now() + DAYS


@pytest.mark.parametrize("after", [False, True])
def test_a_report_that_died_is_booked_once_by_the_next(after: bool) -> None:
    app = subscribed("n1", "n2")
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        app.refunding.taken_back(ANNA, "n1", "", 100, "XTR", app.now())
    take_back(app, "n1")
    assert until(app) == app.now() + DAYS


def test_what_was_bought_out_of_the_wallet_is_a_debt_and_the_days_stay() -> None:
    app = make_app()
    join(app, ANNA)
    charge = pay(app, ANNA, 100)
    app.people.subscribe(ANNA, "r", app.now())
    app.refunding.taken_back(ANNA, charge.id, "", 100, "XTR", app.now())
    assert until(app) == app.now() + DAYS
    assert app.store.wallet(ANNA, "XTR").owed == xtr(100)


def test_a_subscription_is_refunded_while_its_first_day_is_yet_to_begin() -> None:
    app = subscribed("n1", "n2")
    assert [charge.id for charge in app.refunding.refundable(ANNA, app.now())] == ["n2"]
    with pytest.raises(NotRefundable):
        app.refunding.refund(ANNA, "n1", app.now())
    assert app.refunding.refund(ANNA, "n2", app.now()).state is ChargeState.REFUNDED
    assert until(app) == app.now() + DAYS
    assert_invariants(dump_of(app.store))


def test_a_subscription_is_used_once_its_first_day_begins() -> None:
    app = subscribed("n1", "n2")
    app.clock.forward(days=30)
    with pytest.raises(NotRefundable):
        app.refunding.refund(ANNA, "n2", app.now())


def test_a_subscription_is_refunded_only_while_nothing_is_owed() -> None:
    app = subscribed("n1", "n2")
    charge = pay(app, ANNA, 100)
    app.people.subscribe(ANNA, "r", app.now())
    app.refunding.taken_back(ANNA, charge.id, "", 100, "XTR", app.now())
    with pytest.raises(InDebt):
        app.refunding.refund(ANNA, "n2", app.now())


def test_a_refund_that_telegram_refuses_gives_the_days_back() -> None:
    app = subscribed("n1", "n2")
    app.stars.refusing = {"n2"}
    with pytest.raises(NotRefundable):
        app.refunding.refund(ANNA, "n2", app.now())
    assert until(app) == app.now() + 2 * DAYS
    assert_invariants(dump_of(app.store))


def test_a_debt_in_another_currency_keeps_a_subscription_from_being_refunded_too() -> None:
    app = subscribed("n1", "n2")
    unit = app.store.unit()
    unit.change_debt(ANNA, Money(0, "RUB"), Money(50_00, "RUB"), Money(0, "RUB"))
    unit.commit()
    with pytest.raises(InDebt):
        app.refunding.refund(ANNA, "n2", app.now())


def test_a_debt_that_comes_up_while_a_subscription_is_refunded_keeps_it_from_that() -> None:
    app = subscribed("n1", "n2")
    pay(app, ANNA, 500, "c1")
    lot = put_up(app, start_price=500, buy_now_price=500).auction.id
    app.bidding.buy(lot, ANNA, 500, app.now())
    app.store.meanwhile(lambda: app.refunding.taken_back(ANNA, "c1", "", 500, "XTR", app.now()))
    with pytest.raises(InDebt):
        app.refunding.refund(ANNA, "n2", app.now())
    assert app.store.tables.charges["n2"].state is ChargeState.CREDITED


@pytest.mark.parametrize(("before", "may"), [(timedelta(milliseconds=1), True), (timedelta(0), False)])
def test_the_very_moment_at_which_days_begin_is_the_first_that_is_used(before: timedelta, may: bool) -> None:
    app = subscribed("n1", "n2")
    app.clock.now += DAYS - before
    assert bool(app.refunding.refundable(ANNA, app.now())) is may
    if may:
        app.refunding.refund(ANNA, "n2", app.now())
        assert until(app) == app.now() + before
    else:
        with pytest.raises(NotRefundable):
            app.refunding.refund(ANNA, "n2", app.now())


@pytest.mark.parametrize("passed", [timedelta(0), DAYS - timedelta(milliseconds=1), DAYS])
def test_at_either_end_of_them_days_taken_back_leave_none(passed: timedelta) -> None:
    app = subscribed("n1")
    app.clock.now += passed
    take_back(app, "n1")
    assert not app.store.tables.people[ANNA].may_sell(app.now())
    assert until(app) == app.now()
    shortened = [name for name in app.store.tables.events if name.startswith("shortened")]
    assert len(shortened) == (passed < DAYS)
