"""Asking for an account to be deleted: what stands in the way, two weeks to change one's mind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.leaving import GRACE, CannotLeave, Obstacle, Stage
from starbid.domain.money import XTR, Money
from starbid.domain.payouts import Method, Wish
from starbid.domain.renewals import Renewal, RenewalState
from starbid.domain.roles import Role
from tests.support.debts import fall_into_debt
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, SELLER, join, pay, put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.leaving import purse
from tests.support.there import there


@pytest.fixture
def app() -> FakeApp:
    app = make_app()
    join(app, ANNA)
    join(app, BORIS, stars=10_000)
    return app


def in_the_way(app: FakeApp, user_id: int = ANNA, *, gives_up: bool = False) -> tuple[Obstacle, ...]:
    with pytest.raises(CannotLeave) as refused:
        app.departures.ask(user_id, app.now(), gives_up=purse(app, user_id) if gives_up else {})
    assert app.store.tables.people[user_id].leaves_at is None
    assert app.departures.find(user_id, app.now()) is None
    return refused.value.obstacles


def test_who_has_nothing_open_leaves_in_two_weeks(app: FakeApp) -> None:
    person = app.departures.ask(ANNA, app.now())
    assert person.leaves_at == app.now() + GRACE
    app.run_streams()
    assert app.messenger.kinds_for(ANNA) == ["leaving_asked"]


def test_asked_for_twice_the_day_stays(app: FakeApp) -> None:
    first = app.departures.ask(ANNA, app.now())
    app.clock.forward(days=3)
    assert app.departures.ask(ANNA, app.now()).leaves_at == first.leaves_at
    app.run_streams()
    assert app.messenger.kinds_for(ANNA) == ["leaving_asked"]


def test_a_lot_that_is_up_stands_in_the_way_until_it_has_ended(app: FakeApp) -> None:
    lot = put_up(app, SELLER).auction
    assert in_the_way(app, SELLER) == (Obstacle.LOTS,)
    app.publishing.cancel(SELLER, lot.id, app.now())
    assert app.departures.ask(SELLER, app.now()).leaves_at


def test_a_lot_that_has_yet_to_begin_stands_in_the_way(app: FakeApp) -> None:
    put_up(app, SELLER, starts_at=(app.now() + timedelta(days=1)).isoformat())
    assert in_the_way(app, SELLER) == (Obstacle.LOTS,)


@pytest.mark.parametrize("kind", ["english", "sealed"])
def test_a_bid_that_holds_money_stands_in_the_way(app: FakeApp, kind: str) -> None:
    app.bidding.bid(put_up(app, type=kind).auction.id, BORIS, 900, app.now())
    assert in_the_way(app, BORIS, gives_up=True) == (Obstacle.BIDS,)


def test_a_deal_stands_in_the_way_of_both_sides_until_it_has_ended(app: FakeApp) -> None:
    lot = put_up(app, SELLER, buy_now_price=100).auction.id
    app.bidding.buy(lot, BORIS, 100, app.now())
    assert in_the_way(app, BORIS, gives_up=True) == (Obstacle.DEALS,)
    assert in_the_way(app, SELLER) == (Obstacle.DEALS,)
    app.dealing.deliver(SELLER, lot, "code", app.now())
    app.dealing.dispute(BORIS, lot, "it is empty", app.now())
    assert in_the_way(app, SELLER) == (Obstacle.DEALS,)
    app.dealing.withdraw(BORIS, lot, app.now())
    app.dealing.confirm(BORIS, lot, app.now())
    assert app.departures.ask(BORIS, app.now(), gives_up=purse(app, BORIS)).leaves_at


def test_a_debt_stands_in_the_way(app: FakeApp) -> None:
    fall_into_debt(app, ANNA, 100)
    assert in_the_way(app) == (Obstacle.DEBT,)


def test_money_stands_in_the_way_unless_it_is_given_up(app: FakeApp) -> None:
    assert in_the_way(app, BORIS) == (Obstacle.MONEY,)
    app.departures.ask(BORIS, app.now(), gives_up=purse(app, BORIS))
    leaving = app.departures.find(BORIS, app.now())
    assert leaving
    assert leaving.given_up == {"XTR": 10_000}
    assert app.store.wallet(BORIS, XTR).available == Money(10_000, XTR)  # until the day


def test_money_that_came_in_after_the_person_looked_is_not_given_up(app: FakeApp) -> None:
    seen = purse(app, BORIS)
    pay(app, BORIS, 1)
    with pytest.raises(CannotLeave) as refused:
        app.departures.ask(BORIS, app.now(), gives_up=seen)
    assert refused.value.obstacles == (Obstacle.MONEY,)
    assert app.store.tables.people[BORIS].leaves_at is None


def test_more_than_there_is_is_not_given_up_in_advance(app: FakeApp) -> None:
    app.departures.ask(BORIS, app.now(), gives_up={"XTR": 10**12, "RUB": 500})
    assert there(app.departures.find(BORIS, app.now())).given_up == {"XTR": 10_000}


def test_who_has_asked_gives_up_what_has_come_in_since_and_the_day_stays(app: FakeApp) -> None:
    day = app.departures.ask(BORIS, app.now(), gives_up=purse(app, BORIS)).leaves_at
    app.clock.forward(days=1)
    pay(app, BORIS, 1)
    with pytest.raises(CannotLeave):
        app.departures.ask(BORIS, app.now(), gives_up={"XTR": 10_000})
    for _ in range(2):
        assert app.departures.ask(BORIS, app.now(), gives_up=purse(app, BORIS)).leaves_at == day
    leaving = there(app.departures.find(BORIS, app.now()))
    assert (leaving.given_up, leaving.due_at) == ({"XTR": 10_001}, day)
    app.run_streams()
    assert app.messenger.kinds_for(BORIS).count("leaving_asked") == 2


def test_less_than_before_takes_nothing_back_of_what_was_given_up(app: FakeApp) -> None:
    app.departures.ask(BORIS, app.now(), gives_up=purse(app, BORIS))
    app.balances.adjust(BORIS, Money(-1, XTR), deciding("x", app.now()))
    app.departures.ask(BORIS, app.now(), gives_up=purse(app, BORIS))
    assert there(app.departures.find(BORIS, app.now())).given_up == {"XTR": 10_000}


def test_who_stays_while_they_give_up_more_has_given_up_nothing(app: FakeApp) -> None:
    app.departures.ask(BORIS, app.now(), gives_up=purse(app, BORIS))
    pay(app, BORIS, 1)
    look = app.obstacles.of

    def looked(*asked: Any, **how: Any) -> Any:
        standing = look(*asked, **how)
        app.departures.stay(BORIS, app.now())
        return standing

    app.obstacles.of = looked  # type: ignore[method-assign]
    assert app.departures.ask(BORIS, app.now(), gives_up=purse(app, BORIS)).leaves_at is None
    leaving = there(app.departures.find(BORIS, app.now()))
    assert (leaving.stage, leaving.given_up) == (Stage.STAYED, {"XTR": 10_000})


def test_an_open_payout_stands_in_the_way(app: FakeApp) -> None:
    app.balances.adjust(ANNA, Money(1000, XTR), deciding("a prize", app.now()))
    app.clock.forward(days=22)
    payout = app.payouts.request(ANNA, Wish(Money(1000, XTR), Method.PREMIUM_3), "r", app.now())
    assert in_the_way(app) == (Obstacle.PAYOUTS,)
    app.payouts.cancel(ANNA, payout.id, app.now())
    assert in_the_way(app) == (Obstacle.MONEY,)


def test_a_refund_that_nobody_has_decided_about_stands_in_the_way(app: FakeApp) -> None:
    charge = pay(app, ANNA, 50)
    app.refund_requests.ask(charge, "by mistake", app.now())
    assert in_the_way(app, gives_up=True) == (Obstacle.REFUNDS,)


def test_a_subscription_that_telegram_renews_stands_in_the_way(app: FakeApp) -> None:
    join(app, 77, renewals=(Renewal("o", RenewalState.ACTIVE, 1, app.now()),))
    assert in_the_way(app, 77) == (Obstacle.RENEWAL,)
    join(app, 78, renewals=(Renewal("o", RenewalState.CANCELED, 1, app.now()),))
    assert app.departures.ask(78, app.now()).leaves_at


@pytest.mark.parametrize(("user_id", "role"), [(79, Role.SUPPORT), (900, None)])
def test_an_operator_does_not_leave_by_themselves(app: FakeApp, user_id: int, role: Role | None) -> None:
    join(app, user_id, role=role)
    assert in_the_way(app, user_id) == (Obstacle.OPERATOR,)


def test_all_that_stands_in_the_way_is_named_at_once(app: FakeApp) -> None:
    app.bidding.bid(put_up(app, SELLER).auction.id, BORIS, 300, app.now())
    join(app, 80, seller=True, stars=10)
    put_up(app, 80)
    assert in_the_way(app, BORIS) == (Obstacle.BIDS, Obstacle.MONEY)
    assert in_the_way(app, 80) == (Obstacle.LOTS, Obstacle.MONEY)


def test_who_stays_after_all_is_as_before(app: FakeApp) -> None:
    before = app.store.tables.people[ANNA]
    app.departures.ask(ANNA, app.now())
    app.clock.forward(days=13)
    app.departures.stay(ANNA, app.now())
    app.departures.stay(ANNA, app.now())
    after = app.store.tables.people[ANNA]
    assert (after.leaves_at, after.name, after.public_id) == (None, before.name, before.public_id)
    app.clock.forward(days=2)
    assert app.leaving_work.look() == 0


def test_who_stayed_may_ask_again(app: FakeApp) -> None:
    app.departures.ask(ANNA, app.now())
    app.departures.stay(ANNA, app.now())
    app.clock.forward(days=1)
    assert app.departures.ask(ANNA, app.now()).leaves_at == app.now() + GRACE


def test_to_stay_without_having_asked_changes_nothing(app: FakeApp) -> None:
    assert app.departures.stay(ANNA, app.now()) == app.store.tables.people[ANNA]


def test_leaving_bars_nothing_meanwhile(app: FakeApp) -> None:
    app.departures.ask(BORIS, app.now(), gives_up=purse(app, BORIS))
    app.bidding.bid(put_up(app).auction.id, BORIS, 300, app.now())
    assert app.store.wallet(BORIS, XTR).held == Money(300, XTR)
