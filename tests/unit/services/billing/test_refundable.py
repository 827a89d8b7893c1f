"""Spec, section 2, `refundable`: what was bought goes back where it came from, what was earned never does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.errors import InsufficientFunds
from starbid.domain.payment_errors import NotRefundable, SpentAlready
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, SELLER, join, market, pay, put_up, xtr
from tests.support.fakes import FakeApp, make_app
from tests.support.invariants import assert_invariants, dump_of
from tests.support.refunds import ADMIN


def shop(stars: int = 1_000) -> FakeApp:
    """SELLER and ANNA paid in `stars` each, as charges `s1` and `a1`."""
    app = make_app()
    for who, charge in ((SELLER, "s1"), (ANNA, "a1")):
        join(app, who, seller=who == SELLER)
        pay(app, who, stars, charge)
    return app


def sell(app: FakeApp, price: int, seller: int = SELLER, buyer: int = ANNA) -> str:
    lot = put_up(app, seller, start_price=price, buy_now_price=price).auction.id
    app.bidding.buy(lot, buyer, price, app.now())
    return lot


def pay_out(app: FakeApp, lot: str, seller: int = SELLER, buyer: int = ANNA) -> None:
    app.dealing.deliver(seller, lot, "x", app.now())
    app.dealing.confirm(buyer, lot, app.now())


def wallet(app: FakeApp, who: int) -> tuple[int, int]:
    """Available, bought."""
    mine = app.store.wallet(who, "XTR", consistent=True)
    return mine.available.amount, mine.bought.amount


def refusal(app: FakeApp, who: int, charge: str) -> int:
    """How much could go back, where the whole charge cannot."""
    before = app.store.tables.snapshot()
    with pytest.raises(SpentAlready) as refused:
        app.refunding.refund(who, charge, app.now())
    assert app.store.tables == before
    return refused.value.refundable.amount


def test_earnings_do_not_leave_as_a_refund_of_what_was_spent() -> None:
    """The attack: spend a charge, fill the wallet by sales, ask for the charge back."""
    app = shop()
    app.people.subscribe(SELLER, "r", app.now())
    pay_out(app, sell(app, 1_000))
    assert wallet(app, SELLER) == (1_850, 900)
    assert refusal(app, SELLER, "s1") == 900
    assert app.refunding.refundable(SELLER, app.now()) == []
    assert_invariants(dump_of(app.store))


def test_a_hold_spends_nothing() -> None:
    app, lot = market(ANNA, stars=1_000)
    (charge,) = app.store.charges_of(ANNA)
    app.bidding.bid(lot.auction.id, ANNA, 400, app.now())
    assert wallet(app, ANNA) == (600, 1_000)
    with pytest.raises(InsufficientFunds):
        app.refunding.refund(ANNA, charge.id, app.now())
    app.publishing.cancel(ADMIN, lot.auction.id, app.now(), decision=deciding("a test", app.now()))
    app.refunding.refund(ANNA, charge.id, app.now())
    assert wallet(app, ANNA) == (0, 0)


def test_a_deal_gives_back_as_bought_what_was_bought_and_no_more() -> None:
    """ANNA buys for 1 000 with 700 bought and 300 earned; the price comes back."""
    app = shop(1_000)
    join(app, BORIS, seller=True)
    pay_out(app, sell(app, 400, BORIS, ANNA), BORIS, ANNA)
    pay(app, ANNA, 100, "a2")
    assert wallet(app, ANNA) == (700, 700)
    anna = app.store.tables.people[ANNA]
    app.store.tables.people[ANNA] = replace(anna, subscribed_until=app.now() + timedelta(days=30))
    pay_out(app, sell(app, 400, ANNA, SELLER), ANNA, SELLER)
    assert wallet(app, ANNA) == (1_080, 700)
    lot = sell(app, 1_000)
    assert wallet(app, ANNA) == (80, 0)
    app.dealing.dispute(ANNA, lot, "no", app.now())
    app.dealing.resolve(deciding("refund", app.now()), lot, False)
    assert wallet(app, ANNA) == (1_080, 700)
    assert_invariants(dump_of(app.store))


def test_spending_takes_bought_stars_first() -> None:
    app = shop(1_000)
    pay_out(app, sell(app, 500))
    assert wallet(app, SELLER) == (1_475, 1_000)
    app.people.subscribe(SELLER, "r", app.now())
    assert wallet(app, SELLER) == (1_375, 900)


def test_a_charge_that_is_still_there_goes_back_whatever_was_earned() -> None:
    app = shop(1_000)
    pay_out(app, sell(app, 500))
    app.refunding.refund(SELLER, "s1", app.now())
    assert wallet(app, SELLER) == (475, 0)
    assert app.stars.refunded == ["s1"]


def test_a_refund_that_telegram_refuses_is_bought_again() -> None:
    app = shop(1_000)
    app.stars.refusing = {"a1"}
    with pytest.raises(NotRefundable):
        app.refunding.refund(ANNA, "a1", app.now())
    assert wallet(app, ANNA) == (1_000, 1_000)
    assert_invariants(dump_of(app.store))


def test_two_purchases_at_once_do_not_take_the_same_bought_stars() -> None:
    app = shop(1_000)
    first, second = (put_up(app, start_price=600, buy_now_price=600).auction.id for _ in range(2))
    pay(app, ANNA, 200, "a2")
    app.store.meanwhile(lambda: app.bidding.buy(second, ANNA, 600, app.now()))
    app.bidding.buy(first, ANNA, 600, app.now())
    assert wallet(app, ANNA) == (0, 0)
    assert {app.store.deal(lot).bought for lot in (first, second)} == {600}
    assert_invariants(dump_of(app.store))


def test_a_refund_and_a_purchase_at_once_do_not_spend_the_same_stars() -> None:
    app = shop(1_000)
    join(app, BORIS, seller=True)
    pay_out(app, sell(app, 1_000, BORIS, SELLER), BORIS, SELLER)
    lot = sell(app, 300, SELLER, ANNA)
    pay_out(app, lot)
    pay(app, SELLER, 100, "s2")
    other = put_up(app, BORIS, start_price=100, buy_now_price=100).auction.id
    app.store.meanwhile(lambda: app.bidding.buy(other, SELLER, 100, app.now()))
    with pytest.raises(SpentAlready):
        app.refunding.refund(SELLER, "s2", app.now())
    assert wallet(app, SELLER) == (285, 0)
    assert_invariants(dump_of(app.store))


def test_taking_back_what_was_spent_makes_the_figure_negative_and_nothing_refundable() -> None:
    app = shop(1_000)
    sell(app, 1_000)
    app.refunding.taken_back(ANNA, "a1", "", 1_000, "XTR", app.now())
    assert wallet(app, ANNA) == (0, -1_000)
    assert app.store.wallet(ANNA, "XTR").refundable == xtr(0)
    pay(app, ANNA, 1_500, "a2")
    assert wallet(app, ANNA) == (500, 500)
    with pytest.raises(InsufficientFunds):
        app.refunding.refund(ANNA, "a2", app.now())
