"""The hot path: what an accepted and a refused bid do, and how many round trips they take."""

import pytest

from starbid.domain.auction import Ending
from starbid.domain.errors import (
    AuctionClosed,
    BidTooLow,
    Blocked,
    Conflict,
    InDebt,
    InsufficientFunds,
    Invalid,
    NotFound,
    NotStarted,
    OwnAuction,
    PriceMoved,
    StarbidError,
)
from starbid.domain.lots import Lot
from starbid.domain.money import MAX_AMOUNT
from starbid.services.ports import Contended
from tests.support.factories import ANNA, BORIS, SELLER, join, market, put_up, wallet, xtr
from tests.support.fakes import FakeApp
from tests.support.invariants import assert_invariants, dump_of


def place(app: FakeApp, lot: Lot, bidder: int, amount: int) -> object:
    return app.bidding.bid(lot.auction.id, bidder, amount, app.now())


def balance(app: FakeApp, user_id: int) -> tuple[int, int]:
    mine = app.store.wallet(user_id, "XTR", consistent=True)
    return mine.available.amount, mine.held.amount


def test_the_example_of_the_contract_with_its_money() -> None:
    app, lot = market(bid_step=10)
    place(app, lot, ANNA, 500)
    place(app, lot, BORIS, 300)

    view = app.browsing.lot(lot.auction.id, ANNA, app.now())
    assert (view.price, view.next_min_bid, view.you_lead, view.your_maximum) == (xtr(310), xtr(320), True, xtr(500))
    assert balance(app, ANNA) == (9_500, 500)
    assert balance(app, BORIS) == (10_000, 0)
    assert_invariants(dump_of(app.store))


def test_an_accepted_bid_takes_two_round_trips() -> None:
    app, lot = market()
    place(app, lot, ANNA, 500)
    app.store.trips.clear()
    place(app, lot, BORIS, 900)
    assert app.store.trips == ["auction+wallet+line", "commit"]
    assert balance(app, ANNA) == (10_000, 0)


@pytest.mark.parametrize(
    ("bidder", "amount", "refusal"), [(BORIS, 101, BidTooLow), (SELLER, 900, OwnAuction)], ids=["too low", "own lot"]
)
def test_a_bid_that_can_only_be_refused_takes_one_round_trip(
    bidder: int, amount: int, refusal: type[StarbidError]
) -> None:
    app, lot = market()
    place(app, lot, ANNA, 500)
    app.store.trips.clear()
    with pytest.raises(refusal):
        place(app, lot, bidder, amount)
    assert app.store.trips == ["auction+wallet+line"]


def test_a_bid_on_a_lot_that_has_ended_takes_one_round_trip() -> None:
    app, lot = market()
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot.auction.id, app.now())
    app.store.trips.clear()
    with pytest.raises(AuctionClosed):
        place(app, lot, ANNA, 500)
    assert app.store.trips == ["auction+wallet+line"]


@pytest.mark.parametrize("amount", [0, -5, MAX_AMOUNT + 1, 10**40])
def test_a_senseless_amount_is_refused_without_looking(amount: int) -> None:
    app, lot = market()
    app.store.trips.clear()
    with pytest.raises(Invalid):
        place(app, lot, ANNA, amount)
    with pytest.raises(Invalid):
        app.bidding.buy(lot.auction.id, ANNA, amount, app.now())
    assert app.store.trips == []


def test_a_refused_bid_changes_holds_and_extends_nothing() -> None:
    app, lot = market()
    place(app, lot, ANNA, 500)
    app.clock.forward(minutes=59, seconds=50)
    before = app.store.tables.snapshot()
    for bidder, amount in ((BORIS, 104), (SELLER, 900), (ANNA, 500), (BORIS, 10_001)):
        with pytest.raises(StarbidError):
            place(app, lot, bidder, amount)
    assert app.store.tables == before


def test_no_such_lot() -> None:
    app, _ = market()
    with pytest.raises(NotFound):
        app.bidding.bid("nothing", ANNA, 500, app.now())


def test_a_lot_that_has_not_started() -> None:
    app, _ = market()
    later = put_up(app, starts_at="2026-05-01T13:00")
    with pytest.raises(NotStarted):
        place(app, later, ANNA, 500)


def test_a_bidder_needs_the_whole_maximum() -> None:
    app, lot = market(stars=499)
    with pytest.raises(InsufficientFunds) as refusal:
        place(app, lot, ANNA, 500)
    assert refusal.value.details == {"available": 499, "needed": 500, "missing": 1}


def test_somebody_without_a_wallet_has_nothing() -> None:
    app, lot = market()
    join(app, 77)
    with pytest.raises(InsufficientFunds) as refusal:
        place(app, lot, 77, 500)
    assert refusal.value.details == {"available": 0, "needed": 500, "missing": 500}


def test_a_challenger_needs_the_money_though_they_will_not_lead() -> None:
    app, lot = market(stars=1_000)
    place(app, lot, ANNA, 500)
    other = put_up(app)
    place(app, other, BORIS, 800)
    with pytest.raises(InsufficientFunds):
        place(app, lot, BORIS, 300)


def test_a_raise_needs_the_difference_only() -> None:
    app, lot = market(stars=500)
    place(app, lot, ANNA, 400)
    place(app, lot, ANNA, 500)
    assert balance(app, ANNA) == (0, 500)


def test_money_held_on_one_lot_does_not_back_another() -> None:
    app, lot = market(stars=500)
    other = put_up(app)
    place(app, lot, ANNA, 300)
    with pytest.raises(InsufficientFunds):
        place(app, other, ANNA, 201)
    place(app, other, ANNA, 200)
    assert balance(app, ANNA) == (0, 500)


def test_who_is_blocked_hears_that_before_anything_about_the_lot() -> None:
    app, lot = market()
    app.store.block(ANNA)
    app.clock.forward(hours=2)
    with pytest.raises(Blocked):
        place(app, lot, ANNA, 1)
    with pytest.raises(Blocked):
        app.bidding.buy(lot.auction.id, ANNA, 1, app.now())


def test_a_lot_that_does_not_exist_comes_before_being_blocked() -> None:
    app, _ = market()
    app.store.block(ANNA)
    with pytest.raises(NotFound):
        app.bidding.bid("nothing", ANNA, 500, app.now())


def test_a_leading_bid_of_somebody_blocked_later_stands() -> None:
    app, lot = market()
    place(app, lot, ANNA, 500)
    app.store.block(ANNA)
    place(app, lot, BORIS, 300)
    app.clock.forward(hours=2, seconds=2)
    assert app.closing.close(lot.auction.id, app.now()).leader_id == ANNA
    assert app.store.deal(lot.auction.id).buyer_id == ANNA
    assert_invariants(dump_of(app.store))


def test_who_owes_more_than_is_available_does_not_bid() -> None:
    app, lot = market()
    app.store.tables.wallets[ANNA, "XTR"] = wallet(ANNA, available=500, owed=507)
    with pytest.raises(InDebt):
        place(app, lot, ANNA, 500)
    with pytest.raises(InDebt):
        app.bidding.buy(lot.auction.id, ANNA, 500, app.now())


def test_buying_at_once_ends_the_lot_and_opens_the_deal() -> None:
    app, lot = market(buy_now_price=700)
    app.store.trips.clear()
    closed = app.bidding.buy(lot.auction.id, ANNA, 700, app.now())

    assert app.store.trips == ["auction+wallet+line", "commit"]
    assert closed.auction.ending is Ending.SOLD
    assert balance(app, ANNA) == (9_300, 0)
    assert app.store.deal(lot.auction.id).price == xtr(700)
    assert [alarm.what for alarm in app.scheduler.alarms] == ["close", "deal"]
    assert_invariants(dump_of(app.store))


def test_a_leader_below_the_reserve_gets_the_hold_back_when_another_buys() -> None:
    app, lot = market(reserve_price=600, buy_now_price=700)
    place(app, lot, ANNA, 500)
    app.bidding.buy(lot.auction.id, BORIS, 700, app.now())

    assert balance(app, ANNA) == (10_000, 0)
    assert balance(app, BORIS) == (9_300, 0)
    assert_invariants(dump_of(app.store))


def test_a_leader_below_the_reserve_may_buy_with_the_hold_and_the_rest() -> None:
    app, lot = market(stars=700, reserve_price=600, buy_now_price=700)
    place(app, lot, ANNA, 500)
    app.bidding.buy(lot.auction.id, ANNA, 700, app.now())

    assert balance(app, ANNA) == (0, 0)
    assert_invariants(dump_of(app.store))


def test_a_leader_short_of_the_rest_does_not_buy() -> None:
    app, lot = market(stars=699, reserve_price=600, buy_now_price=700)
    place(app, lot, ANNA, 500)
    with pytest.raises(InsufficientFunds) as refusal:
        app.bidding.buy(lot.auction.id, ANNA, 700, app.now())
    assert refusal.value.missing == xtr(1)


def test_a_lot_bought_meanwhile_is_closed_for_the_second_buyer() -> None:
    app, lot = market(buy_now_price=700)
    app.store.meanwhile(lambda: app.bidding.buy(lot.auction.id, BORIS, 700, app.now()))
    with pytest.raises(AuctionClosed):
        app.bidding.buy(lot.auction.id, ANNA, 700, app.now())
    assert balance(app, ANNA) == (10_000, 0)


def test_a_bid_meanwhile_takes_buy_now_away() -> None:
    app, lot = market(buy_now_price=700)
    app.store.meanwhile(lambda: place(app, lot, BORIS, 100))
    with pytest.raises(PriceMoved) as refusal:
        app.bidding.buy(lot.auction.id, ANNA, 700, app.now())
    assert refusal.value.price is None


def test_a_bid_after_the_end_settles_the_lot() -> None:
    app, lot = market()
    place(app, lot, ANNA, 500)
    app.clock.forward(hours=1, seconds=2)
    with pytest.raises(AuctionClosed):
        place(app, lot, BORIS, 900)
    assert app.store.tables.auctions[lot.auction.id].ending is Ending.SOLD


def test_a_bid_within_two_seconds_of_the_end_is_refused_and_settles_nothing() -> None:
    app, lot = market()
    place(app, lot, ANNA, 500)
    app.clock.forward(hours=1, milliseconds=1_999)
    with pytest.raises(AuctionClosed):
        place(app, lot, BORIS, 900)
    assert app.store.tables.auctions[lot.auction.id].ending is Ending.OPEN


def test_a_late_bid_is_told_closed_even_where_settling_meets_a_conflict() -> None:
    app, lot = market()
    app.clock.forward(hours=1, seconds=2)
    app.store.fail_next(Contended(), times=4)
    with pytest.raises(AuctionClosed):
        place(app, lot, BORIS, 900)
    assert app.closing.sweep(app.now()) == 1


def test_a_store_that_takes_nothing_for_eight_seconds_makes_a_conflict_and_the_bid_never_counts() -> None:
    app, lot = market()
    app.store.fail_next(Contended(), times=10_000)
    began = app.pace.elapsed()
    with pytest.raises(Conflict):
        place(app, lot, ANNA, 500)
    assert 8 <= app.pace.elapsed() - began < 10, "and the shift that began before"
    app.store.heal()
    app.closing.drain(lot.auction.id, app.now())
    assert app.store.tables.auctions[lot.auction.id].bids_count == 0
    assert app.store.tables.intents == {}


def test_who_is_in_the_way_of_others_three_times_still_wins() -> None:
    app, lot = market()
    app.store.fail_next(Contended(), times=3)
    place(app, lot, ANNA, 500)
    assert balance(app, ANNA) == (9_500, 500)
