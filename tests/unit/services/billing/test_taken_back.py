"""Payments that Telegram took back: borne by the wallet where it can, owed where it cannot."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from starbid.domain.payments import ChargeState
from tests.support.factories import ANNA, join, market, pay, xtr
from tests.support.fakes import Death, FakeApp, make_app
from tests.support.invariants import assert_invariants, dump_of


def paid(stars: int = 250) -> FakeApp:
    """ANNA paid once, as charge c1."""
    app = make_app()
    join(app, ANNA)
    pay(app, ANNA, stars, charge_id="c1")
    return app


def refund(app: FakeApp) -> ChargeState:
    return app.refunding.refund(ANNA, "c1", app.now()).state


def take_back(app: FakeApp, charge_id: str = "c1", payload: str = "") -> ChargeState:
    return app.refunding.taken_back(ANNA, charge_id, payload, 250, "XTR", app.now()).state


def state(app: FakeApp) -> ChargeState:
    return app.store.tables.charges["c1"].state


def wallet_of(app: FakeApp) -> tuple[int, int, int]:
    mine = app.store.wallet(ANNA, "XTR", consistent=True)
    return mine.available.amount, mine.held.amount, mine.owed.amount


def on_second_write(app: FakeApp, act: Callable[[], object]) -> None:
    """A report of a refund first sees to it that the payment is booked, and then books the refund."""
    app.store.meanwhile(lambda: app.store.meanwhile(act))


def told(app: FakeApp) -> list[str]:
    return [event for event in app.store.tables.events if event.startswith("refunded")]


def test_a_payment_taken_back_leaves_the_wallet() -> None:
    app = paid()
    assert take_back(app) is ChargeState.REFUNDED
    assert (wallet_of(app), told(app), app.stars.refunded) == ((0, 0, 0), ["refunded:c1"], [])
    assert_invariants(dump_of(app.store))


def test_what_was_spent_of_it_is_owed() -> None:
    app = paid()
    app.people.subscribe(ANNA, "r", app.now())
    take_back(app)
    assert wallet_of(app) == (0, 0, 100)
    assert app.store.tables.events["refunded:c1"].owed == xtr(100)  # type: ignore[union-attr]
    assert_invariants(dump_of(app.store))


def test_a_hold_is_not_touched_by_it_and_wins_nothing() -> None:
    app, lot = market(ANNA, stars=250)
    (charge,) = app.store.charges_of(ANNA)
    app.bidding.bid(lot.auction.id, ANNA, 200, app.now())
    take_back(app, charge.id)
    assert wallet_of(app) == (0, 200, 200)
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot.auction.id, app.now())
    assert wallet_of(app) == (200, 0, 200), "settled by what follows the changes of wallets"
    assert app.store.auction(lot.auction.id).ending == "unsold"
    assert_invariants(dump_of(app.store))


def test_the_report_twenty_times_at_once_counts_once() -> None:
    app = paid()
    app.people.subscribe(ANNA, "r", app.now())
    with ThreadPoolExecutor(20) as crowd:
        states = set(crowd.map(lambda _: take_back(app), range(20)))
    assert states == {ChargeState.REFUNDED}
    assert wallet_of(app) == (0, 0, 100)
    assert_invariants(dump_of(app.store))


def test_a_report_that_overtook_the_payment_books_both_and_the_payment_changes_nothing() -> None:
    app = make_app()
    join(app, ANNA)
    _, payload = app.paying.order_stars(ANNA, 250, app.now())
    assert take_back(app, payload=payload) is ChargeState.REFUNDED
    app.paying.credit(ANNA, "c1", payload, 250, "XTR", app.now())
    assert (wallet_of(app), state(app)) == ((0, 0, 0), ChargeState.REFUNDED)
    assert_invariants(dump_of(app.store))


def test_the_report_of_our_own_refund_changes_nothing() -> None:
    app = paid()
    refund(app)
    take_back(app)
    assert (wallet_of(app), told(app)) == ((0, 0, 0), ["refunded:c1"])


def test_the_report_of_a_refund_that_died_half_way_finishes_it() -> None:
    app = paid()
    app.stars.fail_next(Death(), after=True)
    with pytest.raises(Death):
        refund(app)
    assert take_back(app) is ChargeState.REFUNDED
    assert (wallet_of(app), told(app)) == ((0, 0, 0), ["refunded:c1"])
    assert app.refunding.finish_refunds(app.now()) == 0
    assert_invariants(dump_of(app.store))


def test_money_bid_meanwhile_is_owed() -> None:
    app, lot = market(ANNA, stars=250)
    (charge,) = app.store.charges_of(ANNA)
    on_second_write(app, lambda: app.bidding.bid(lot.auction.id, ANNA, 200, app.now()))
    take_back(app, charge.id)
    assert wallet_of(app) == (0, 200, 200)
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize("after", [False, True])
def test_a_report_whose_handler_died_is_booked_when_it_comes_again(after: bool) -> None:
    app = paid()
    on_second_write(app, lambda: app.store.fail_next(Death(), after=after))
    with pytest.raises(Death):
        take_back(app)
    assert_invariants(dump_of(app.store))
    take_back(app)
    assert (wallet_of(app), told(app)) == ((0, 0, 0), ["refunded:c1"])
    assert_invariants(dump_of(app.store))


def test_a_taken_back_subscription_touches_no_wallet() -> None:
    app = make_app()
    join(app, ANNA, stars=10)
    _, payload = app.paying.order_subscription(ANNA, app.now())
    app.paying.credit(ANNA, "s1", payload, 100, "XTR", app.now())
    app.refunding.taken_back(ANNA, "s1", payload, 100, "XTR", app.now())
    assert wallet_of(app) == (10, 0, 0)
    assert_invariants(dump_of(app.store))
