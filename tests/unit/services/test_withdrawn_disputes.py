"""Spec, section 3, "Deal": a deal is disputed once, the buyer may withdraw, and 30 days decide by themselves."""

from datetime import timedelta

import pytest

from starbid.domain.deal_errors import AlreadyDisputed, WrongDealState
from starbid.domain.deals import DealState
from starbid.domain.errors import NotYours
from tests.support.desk import deciding
from tests.support.factories import ANNA, SELLER
from tests.support.fakes import FakeApp
from tests.support.invariants import assert_invariants, dump_of
from tests.support.refunds import ADMIN, available, sold

MS = timedelta(milliseconds=1)


def disputed(*, delivered: bool, after_days: int = 2) -> tuple[FakeApp, str]:
    app, lot = sold()
    if delivered:
        app.dealing.deliver(SELLER, lot, "x", app.now())
    app.clock.forward(days=after_days)
    app.dealing.dispute(ANNA, lot, "no", app.now())
    return app, lot


@pytest.mark.parametrize("delivered", [False, True])
def test_withdrawn_the_deal_goes_on_with_the_time_that_was_left(delivered: bool) -> None:
    app, lot = disputed(delivered=delivered)
    app.clock.forward(days=20)
    deal = app.dealing.withdraw(ANNA, lot, app.now())
    assert deal.state is (DealState.DELIVERED if delivered else DealState.AWAITING_DELIVERY)
    assert deal.due_at == app.now() + timedelta(days=5 if delivered else 12)
    app.clock.now = deal.due_at - MS
    app.scheduler.fire(app)
    assert app.store.deal(lot).state is deal.state
    app.clock.forward(milliseconds=1)
    app.scheduler.fire(app)
    assert app.store.deal(lot).state is (DealState.COMPLETED if delivered else DealState.REFUNDED)
    assert_invariants(dump_of(app.store))


def test_the_time_of_a_dispute_does_not_bring_nearer_when_the_money_may_be_taken_back() -> None:
    app, lot = disputed(delivered=False)
    app.clock.forward(days=20)
    app.dealing.withdraw(ANNA, lot, app.now())
    app.clock.forward(days=5, milliseconds=-1)
    with pytest.raises(WrongDealState):
        app.dealing.take_back(ANNA, lot, app.now())
    app.clock.forward(milliseconds=1)
    assert app.dealing.take_back(ANNA, lot, app.now()).state is DealState.REFUNDED


def test_a_deal_is_disputed_once() -> None:
    app, lot = disputed(delivered=True)
    app.dealing.withdraw(ANNA, lot, app.now())
    with pytest.raises(AlreadyDisputed) as refusal:
        app.dealing.dispute(ANNA, lot, "again", app.now())
    assert refusal.value.code == "already_disputed"
    with pytest.raises(WrongDealState):
        app.dealing.withdraw(ANNA, lot, app.now())


@pytest.mark.parametrize("person", [SELLER, ADMIN])
def test_only_the_buyer_withdraws(person: int) -> None:
    app, lot = disputed(delivered=True)
    with pytest.raises(NotYours):
        app.dealing.withdraw(person, lot, app.now())


def test_the_seller_and_the_admins_hear_that_it_was_withdrawn() -> None:
    app, lot = disputed(delivered=True)
    app.store.add_person(app.store.tables.people[ANNA].__class__(ADMIN, "Admin", None, "en", app.now()))
    app.run_streams()
    app.messenger.told.clear()
    app.dealing.withdraw(ANNA, lot, app.now())
    app.clock.forward(seconds=10)
    app.run_streams()
    assert app.messenger.kinds_for(SELLER) == ["dispute_withdrawn"]
    assert app.messenger.kinds_for(ADMIN) == [], "their message of all that is open is edited"
    assert [(person.id, notice.facts["lots"]) for person, notice, *_ in app.messenger.edited] == [(ADMIN, [])]


@pytest.mark.parametrize("delivered", [False, True])
@pytest.mark.parametrize("by_schedule", [False, True])
def test_undecided_for_thirty_days_it_decides_itself(delivered: bool, by_schedule: bool) -> None:
    app, lot = disputed(delivered=delivered)
    app.clock.forward(days=30, milliseconds=-1)
    app.scheduler.fire(app)
    app.dealing.sweep(app.now())
    assert app.store.deal(lot).state is DealState.DISPUTED
    app.clock.forward(milliseconds=1)
    _ = app.scheduler.fire(app) if by_schedule else app.dealing.sweep(app.now())
    assert app.store.deal(lot).state is (DealState.COMPLETED if delivered else DealState.REFUNDED)
    assert (available(app, ANNA), available(app, SELLER)) == ((9_690, 295) if delivered else (10_000, 0))
    assert_invariants(dump_of(app.store))


def test_after_its_time_a_dispute_is_neither_withdrawn_nor_forgotten() -> None:
    app, lot = disputed(delivered=True)
    app.clock.forward(days=30)
    with pytest.raises(WrongDealState):
        app.dealing.withdraw(ANNA, lot, app.now())


def test_an_admin_and_the_clock_at_once_are_one_or_the_other() -> None:
    app, lot = disputed(delivered=True)
    at = app.now() + timedelta(days=30)
    app.store.meanwhile(lambda: app.dealing.resolve(deciding("refund", at - MS), lot, False))
    assert app.dealing.advance(lot, at) is None
    assert available(app, ANNA) == 10_000
    assert_invariants(dump_of(app.store))
