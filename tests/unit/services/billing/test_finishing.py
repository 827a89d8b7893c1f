"""What waited for money: done once, as confirmed and no further, however late, often or half-done it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.auction import Ending
from starbid.domain.errors import (
    AuctionClosed,
    BidTooLow,
    Blocked,
    InDebt,
    InsufficientFunds,
    LotChanged,
    NotFound,
    OwnAuction,
    PriceMoved,
    UnusualBid,
)
from starbid.domain.money import XTR
from starbid.domain.payment_errors import ActLapsed, GivenBack, NotPaidYet
from starbid.domain.unfinished import FINISH_WITHIN, Act, BidAct, BuyAct, SubscribeAct
from tests.support.blocking import block
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, draft, join, market, pay, put_up, xtr
from tests.support.fakes import Death, FakeApp
from tests.support.there import there


def poor(**changes: Any) -> tuple[FakeApp, str]:
    """A live lot; BORIS has 10 000, ANNA is known and has nothing."""
    app, lot = market(BORIS, **({"start_price": 100, "bid_step": 5, "buy_now_price": 900} | changes))
    join(app, ANNA)
    return app, lot.auction.id


def order(app: FakeApp, act: Act | None, stars: int = 500) -> tuple[str, str]:
    """Its id, and the payload that comes back with the payment."""
    made, payload = app.paying.order_stars(ANNA, stars, app.now(), act)
    return made.id, payload


def paid(app: FakeApp, act: Act | None, stars: int = 500) -> str:
    order_id, payload = order(app, act, stars)
    app.paying.credit(ANNA, f"charge-{order_id}", payload, stars, XTR, app.now())
    return order_id


def finish(app: FakeApp, order_id: str) -> Any:
    return app.finishing.finish(order_id, ANNA, app.now())


def sums(app: FakeApp) -> tuple[int, int]:
    wallet = app.store.wallet(ANNA, XTR)
    return wallet.available.amount, wallet.held.amount


def owe(app: FakeApp, amount: int) -> None:
    """A payment that was spent on another lot is taken back."""
    charge = pay(app, ANNA, amount)
    other = put_up(app, start_price=1, buy_now_price=amount).auction.id
    app.bidding.buy(other, ANNA, amount, app.now())
    app.refunding.taken_back(ANNA, charge.id, "", amount, XTR, app.now())


def test_a_bid_is_placed_once_however_often_it_is_asked_for() -> None:
    app, lot = poor()
    order_id = paid(app, BidAct(lot, xtr(105), 1))
    assert there(finish(app, order_id).accepted).bid.maximum == xtr(105)
    for _ in range(3):
        assert finish(app, order_id).accepted is None
    assert app.store.auction(lot).bids_count == 1
    assert sums(app) == (395, 105)


def test_nothing_is_done_before_the_money_is_there() -> None:
    app, lot = poor()
    order_id, _ = order(app, BidAct(lot, xtr(105), 1))
    with pytest.raises(NotPaidYet):
        finish(app, order_id)
    assert app.store.auction(lot).bids_count == 0


def test_money_alone_has_nothing_to_finish() -> None:
    app, _ = poor()
    assert finish(app, paid(app, None)) is None


@pytest.mark.parametrize("who", [BORIS, SELLER, 404])
def test_nobody_else_finishes_it(who: int) -> None:
    app, lot = poor()
    order_id = paid(app, BidAct(lot, xtr(105), 1))
    with pytest.raises(NotFound):
        app.finishing.finish(order_id, who, app.now())
    assert app.store.auction(lot).bids_count == 0


def test_a_bid_that_was_outbid_after_it_was_placed_is_not_placed_again() -> None:
    app, lot = poor()
    order_id = paid(app, BidAct(lot, xtr(105), 1))
    finish(app, order_id)
    app.bidding.bid(lot, BORIS, 300, app.now())
    finish(app, order_id)
    assert app.store.auction(lot).bids_count == 2
    assert sums(app) == (500, 0)


def test_a_price_that_moved_beyond_it_is_asked_about_and_the_money_stays() -> None:
    app, lot = poor()
    order_id = paid(app, BidAct(lot, xtr(105), 1))
    app.bidding.bid(lot, BORIS, 300, app.now())
    app.bidding.bid(lot, BORIS, 400, app.now())
    app.clock.forward(seconds=5)
    join(app, CLARA, stars=200)
    app.bidding.bid(lot, CLARA, 110, app.now())
    with pytest.raises(BidTooLow) as refused:
        finish(app, order_id)
    assert refused.value.next_min == xtr(120)
    assert sums(app) == (500, 0)


def test_a_button_holds_for_the_lot_that_it_showed_and_an_own_maximum_for_any_price_below_it() -> None:
    app, lot = poor()
    shown = app.store.auction(lot).version
    button = paid(app, BidAct(lot, xtr(400), 1, version=shown))
    maximum = paid(app, BidAct(lot, xtr(400), 1))
    app.bidding.bid(lot, BORIS, 150, app.now())
    with pytest.raises(PriceMoved):
        finish(app, button)
    assert there(finish(app, maximum).accepted).bid.leads


def test_words_that_changed_are_never_bid_on() -> None:
    app, lot = poor()
    order_id = paid(app, BidAct(lot, xtr(105), 1))
    bought = paid(app, BuyAct(lot, xtr(900), 1), 900)
    app.publishing.edit(SELLER, lot, draft(app.now(), title="A broken lamp", bid_step=5), (), app.now())
    for each in (order_id, bought):
        with pytest.raises(LotChanged):
            finish(app, each)
    assert sums(app) == (1400, 0)


def test_a_lot_that_has_closed_is_told_and_the_money_stays() -> None:
    app, lot = poor(duration_seconds=60)
    order_id, payload = order(app, BidAct(lot, xtr(105), 1))
    app.clock.forward(seconds=61)
    app.paying.credit(ANNA, "late", payload, 500, XTR, app.now())
    with pytest.raises(AuctionClosed):
        finish(app, order_id)
    assert sums(app) == (500, 0)


def test_two_orders_for_one_bid_place_it_once() -> None:
    app, lot = poor()
    first, second = (paid(app, BidAct(lot, xtr(105), 1)) for _ in range(2))
    finish(app, second)
    finish(app, first)
    assert app.store.auction(lot).bids_count == 1
    assert sums(app) == (895, 105)


def test_one_who_leads_with_more_by_other_money_is_not_asked_again() -> None:
    app, lot = poor()
    join(app, CLARA)
    order_id = paid(app, BidAct(lot, xtr(105), 1))
    app.bidding.bid(lot, ANNA, 200, app.now())
    assert finish(app, order_id).accepted is None
    assert there(app.store.auction(lot).leader_maximum) == xtr(200)


@pytest.mark.parametrize("kind", ["sealed", "vickrey"])
def test_a_sealed_bid_is_placed_once_and_never_above_what_was_confirmed(kind: str) -> None:
    app, lot = poor(type=kind, bid_step=None, buy_now_price=None)
    first, second = (paid(app, BidAct(lot, xtr(300), 1)) for _ in range(2))
    finish(app, first)
    app.bidding.bid(lot, ANNA, 350, app.now())
    finish(app, second)
    finish(app, first)
    assert sums(app) == (650, 350)


def test_an_unusual_bid_is_asked_about_once_its_money_is_there() -> None:
    app, lot = poor()
    order_id = paid(app, BidAct(lot, xtr(1000), 1), 1000)
    with pytest.raises(UnusualBid):
        finish(app, order_id)
    assert sums(app) == (1000, 0)
    assert finish(app, paid(app, BidAct(lot, xtr(1000), 1, confirmed=True), 1000)).accepted


def test_a_blocked_person_gets_the_money_booked_and_nothing_else() -> None:
    app, lot = poor()
    order_id, payload = order(app, BidAct(lot, xtr(105), 1))
    block(app, ANNA)
    app.paying.credit(ANNA, "c", payload, 500, XTR, app.now())
    with pytest.raises(Blocked):
        finish(app, order_id)
    assert sums(app) == (500, 0)


def test_a_debt_is_settled_first_and_the_act_needs_what_is_left() -> None:
    app, lot = poor()
    owe(app, 450)
    order_id = paid(app, BidAct(lot, xtr(105), 1), 500)
    with pytest.raises(InsufficientFunds) as refused:
        finish(app, order_id)
    assert refused.value.missing == xtr(55)
    other = paid(app, BidAct(lot, xtr(105), 1), 55)
    assert finish(app, other).accepted


def test_a_debt_that_is_larger_than_the_payment_bars_the_act() -> None:
    app, lot = poor()
    owe(app, 800)
    order_id = paid(app, BidAct(lot, xtr(105), 1), 500)
    with pytest.raises(InDebt):
        finish(app, order_id)


def test_money_that_comes_long_after_is_asked_about_and_what_was_done_in_time_stays_done() -> None:
    app, lot = poor(duration_seconds=86_400)
    in_time = paid(app, BidAct(lot, xtr(105), 1))
    late, payload = order(app, BidAct(lot, xtr(205), 1))
    finish(app, in_time)
    app.clock.forward(seconds=FINISH_WITHIN.total_seconds() + 1)
    app.paying.credit(ANNA, "late", payload, 500, XTR, app.now())
    with pytest.raises(ActLapsed):
        finish(app, late)
    assert finish(app, in_time).accepted is None
    assert app.store.auction(lot).bids_count == 1


def test_the_last_moment_is_in_time() -> None:
    app, lot = poor(duration_seconds=86_400)
    order_id = paid(app, BidAct(lot, xtr(105), 1))
    app.clock.forward(seconds=FINISH_WITHIN / timedelta(seconds=1))
    assert finish(app, order_id).accepted


def test_a_purchase_is_made_once_at_the_price_that_was_seen() -> None:
    app, lot = poor()
    first, second = (paid(app, BuyAct(lot, xtr(900), 1), 900) for _ in range(2))
    for each in (first, second, first):
        assert finish(app, each).lot == lot
    assert app.store.auction(lot).ending is Ending.SOLD
    assert sums(app) == (900, 0)


def test_a_price_that_falls_is_paid_as_it_is_and_never_above_the_one_that_was_seen() -> None:
    falls = {"type": "dutch", "start_price": 500, "floor_price": 100, "drop_amount": 50, "drop_seconds": 60}
    app, lot = poor(**falls, bid_step=None, buy_now_price=None)
    early = paid(app, BuyAct(lot, xtr(450), 1))
    with pytest.raises(PriceMoved):
        finish(app, early)
    app.clock.forward(seconds=130)
    finish(app, early)
    assert sums(app) == (100, 0), "the price of the moment is 400"


def test_somebody_elses_purchase_leaves_the_money_where_it_is() -> None:
    app, lot = poor()
    order_id = paid(app, BuyAct(lot, xtr(900), 1), 900)
    app.bidding.buy(lot, BORIS, 900, app.now())
    with pytest.raises(AuctionClosed):
        finish(app, order_id)
    assert sums(app) == (900, 0)


def test_one_who_wanted_the_right_to_sell_pays_it_once_with_any_number_of_orders() -> None:
    app, _ = poor()
    for number in range(2):
        order_id = paid(app, SubscribeAct(f"r{number}", extends=False), 150)
        for _ in range(2):
            finish(app, order_id)
    assert sums(app) == (200, 0)
    assert len(there(app.store.person(ANNA)).paid_days) == 1


def test_one_who_wants_more_days_pays_for_each_request_once() -> None:
    app, _ = poor()
    finish(app, paid(app, SubscribeAct("first", extends=False), 100))
    twice = [paid(app, SubscribeAct("more", extends=True), 150) for _ in range(2)]
    for each in (*twice, *twice):
        finish(app, each)
    assert sums(app) == (200, 0)
    assert len(there(app.store.person(ANNA)).paid_days) == 2


ACTS: list[Callable[[str], Act]] = [
    lambda lot: BidAct(lot, xtr(105), 1),
    lambda lot: BuyAct(lot, xtr(900), 1),
    lambda _: SubscribeAct("r", extends=False),
]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("after", [False, True])
def test_a_process_that_dies_at_the_act_leaves_it_to_the_next_and_it_is_done_once(
    act: Callable[[str], Act], *, after: bool
) -> None:
    app, lot = poor()
    order_id = paid(app, act(lot), 1000)
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        finish(app, order_id)
    app.clock.forward(seconds=31)
    finish(app, order_id)
    finish(app, order_id)
    spent = {"bid": 105, "buy": 900, "subscribe": 100}[act(lot).name]
    assert sums(app)[0] == 1000 - spent


def test_a_charge_that_is_told_twice_and_out_of_order_pays_for_one_act() -> None:
    app, lot = poor()
    order_id, payload = order(app, BidAct(lot, xtr(105), 1))
    for _ in range(3):
        app.paying.credit(ANNA, "same", payload, 500, XTR, app.now())
        finish(app, order_id)
    assert sums(app) == (395, 105)


def test_an_act_of_an_unknown_lot_is_not_found() -> None:
    app, _ = poor()
    with pytest.raises(NotFound):
        finish(app, paid(app, BidAct("nolot", xtr(105), 1)))


def test_a_lot_of_ones_own_cannot_be_bid_on_by_an_order_either() -> None:
    app, _ = poor()
    join(app, CLARA, seller=True)
    own = put_up(app, CLARA).auction.id
    made, payload = app.paying.order_stars(CLARA, 500, app.now(), BidAct(own, xtr(105), 1))
    app.paying.credit(CLARA, "c", payload, 500, XTR, app.now())
    with pytest.raises(OwnAuction):
        app.finishing.finish(made.id, CLARA, app.now())
    assert app.store.auction(own).bids_count == 0


@pytest.mark.parametrize("act", ["bid", "buy", "subscribe"])
def test_a_payment_that_was_given_back_does_nothing_with_other_money(act: str) -> None:
    app, lot = poor()
    wanted: dict[str, Act] = {
        "bid": BidAct(lot, xtr(105), 1),
        "buy": BuyAct(lot, xtr(900), 1),
        "subscribe": SubscribeAct("r1", extends=False),
    }
    order_id = paid(app, wanted[act])
    app.refunding.refund(ANNA, f"charge-{order_id}", app.now())
    pay(app, ANNA, 2000)
    with pytest.raises(GivenBack):
        finish(app, order_id)
    assert sums(app) == (2000, 0)


def test_what_was_done_stays_done_although_its_payment_was_given_back_later() -> None:
    app, lot = poor()
    order_id = paid(app, BidAct(lot, xtr(105), 1))
    finish(app, order_id)
    app.bidding.bid(lot, BORIS, 300, app.now())
    app.refunding.refund(ANNA, f"charge-{order_id}", app.now())
    assert finish(app, order_id).lot == lot
    assert sums(app) == (0, 0)


@pytest.mark.parametrize("is_sold", [False, True])
def test_money_that_comes_after_the_lot_is_over_asks_nobody_to_confirm_again(*, is_sold: bool) -> None:
    app, lot = poor()
    order_id, payload = order(app, BidAct(lot, xtr(105), 1))
    if is_sold:
        app.bidding.buy(lot, BORIS, 900, app.now())
    app.clock.forward(hours=3)
    app.paying.credit(ANNA, "c1", payload, 500, XTR, app.now())
    with pytest.raises(AuctionClosed):
        finish(app, order_id)
    assert sums(app) == (500, 0)
