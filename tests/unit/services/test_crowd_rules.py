"""What the spec says of those who wait together (section 3, "Who."): their order, the end, purchases, prices."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from starbid.domain.auction import Ending, Status
from starbid.domain.errors import (
    AuctionClosed,
    BidTooLow,
    InsufficientFunds,
    NotForSale,
    PriceMoved,
    UnusualBid,
)
from starbid.domain.intents import Refused
from starbid.domain.kinds.base import Accepted
from tests.support.factories import ANNA, BORIS, CLARA, draft, market, put_up
from tests.support.fakes import FakeApp
from tests.support.invariants import assert_invariants, dump_of
from tests.support.lines import (
    MS,
    SECOND,
    buys,
    crowd_on,
    decides,
    led_by_another,
    outcome,
    pace_of,
    said,
    waits,
)

FALLING: dict[str, Any] = {
    "type": "dutch",
    "start_price": 1_000,
    "floor_price": 400,
    "drop_amount": 100,
    "drop_seconds": 60,
}


def the_lot(**changes: Any) -> tuple[FakeApp, str, datetime]:
    """App, lot, its end."""
    app, made = market(**changes)
    return app, made.auction.id, made.auction.ends_at


def bid_while_another_decides(app: FakeApp, lot: str, who: int, amount: int, **named: Any) -> Accepted:
    """They line up, and are decided by somebody else in their first pause."""
    led_by_another(app, lot)
    pace_of(app).meanwhile.append(lambda: decides(app, lot))
    return app.bidding.bid(lot, who, amount, app.now(), confirmed=True, **named)


# --- order ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])
def test_of_equal_bids_that_wait_the_first_to_arrive_wins_whenever_it_was_stored(kind: str) -> None:
    app, lot, end = the_lot(type=kind)
    second, first = waits(app, lot, BORIS, 500, app.now() + MS), waits(app, lot, ANNA, 500)
    decides(app, lot)
    assert said(app, first, second) == [1, 2]
    app.clock.now = end + 2 * SECOND
    assert app.closing.close(lot, app.now()).leader_id == ANNA
    assert_invariants(dump_of(app.store))


def test_what_was_decided_stays_though_somebody_arrived_before_and_comes_to_wait_later() -> None:
    """Earlier means the lower number in the log."""
    app, lot, end = the_lot()
    quick = waits(app, lot, BORIS, 500, app.now() + SECOND)
    decides(app, lot)
    slow = waits(app, lot, ANNA, 500, app.now())
    decides(app, lot)
    assert said(app, quick, slow) == [1, 2]
    app.clock.now = end + 2 * SECOND
    assert app.closing.close(lot, app.now()).leader_id == BORIS
    assert_invariants(dump_of(app.store))


def test_a_bid_is_judged_by_the_lot_as_those_before_it_left_it() -> None:
    app, lot, _ = the_lot(bid_step=10)
    now = app.now()
    line = [
        waits(app, lot, who, amount, now + n * MS)
        for n, (who, amount) in enumerate(((ANNA, 300), (BORIS, 105), (CLARA, 110), (BORIS, 310), (ANNA, 315)))
    ]
    decides(app, lot)
    assert said(app, *line) == [1, BidTooLow, 2, 3, BidTooLow]
    refusal = outcome(app, line[4])
    assert isinstance(refusal, Refused)
    assert refusal.error.details == {"next_min_bid": 320}


# --- the end ----------------------------------------------------------------------------------------------------------


def test_the_soft_close_moves_by_arrival_and_not_by_decision() -> None:
    app, lot, end = the_lot(extend_seconds=120)
    late = waits(app, lot, ANNA, 500, end - 30 * SECOND)
    app.clock.now = end - 25 * SECOND
    decides(app, lot)
    assert said(app, late) == [1]
    assert app.store.tables.auctions[lot].ends_at == end + 90 * SECOND


def test_a_bid_that_waits_moves_the_end_of_a_closing_lot_and_the_lot_is_live_again() -> None:
    app, lot, end = the_lot(extend_seconds=120)
    waits(app, lot, ANNA, 500, end - MS)
    app.clock.now = end + SECOND
    assert app.store.tables.auctions[lot].status(app.now()) is Status.CLOSING
    with pytest.raises(AuctionClosed):
        app.bidding.bid(lot, BORIS, 900, app.now())
    decides(app, lot)
    auction = app.store.tables.auctions[lot]
    assert (auction.status(app.now()), auction.ends_at) == (Status.LIVE, end - MS + 120 * SECOND)
    assert app.bidding.bid(lot, BORIS, 900, app.now()).bid.leads
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize("kind", ["english", "sealed"])
def test_what_arrives_while_a_lot_is_closing_is_refused_at_once_and_not_stored(kind: str) -> None:
    app, lot, end = the_lot(type=kind, extend_seconds=0 if kind == "english" else None)
    waits(app, lot, ANNA, 500, end - MS)
    app.clock.now = end
    led_by_another(app, lot)
    began = pace_of(app).elapsed()
    with pytest.raises(AuctionClosed):
        app.bidding.bid(lot, BORIS, 900, app.now())
    assert pace_of(app).elapsed() == began
    assert len(app.store.tables.intents) == 1


def test_bids_that_wait_move_the_end_step_by_step_and_never_too_far() -> None:
    app, lot, end = the_lot(extend_seconds=60, max_extension_seconds=90)
    line = [
        waits(app, lot, who, 500 + 100 * n, end + (30 * n - 10) * SECOND)
        for n, who in enumerate((ANNA, BORIS, CLARA, ANNA, BORIS))
    ]
    decides(app, lot)
    assert said(app, *line) == [1, 2, 3, 4, AuctionClosed]
    assert app.store.tables.auctions[lot].ends_at == end + 90 * SECOND
    assert_invariants(dump_of(app.store))


# --- purchases --------------------------------------------------------------------------------------------------------


def test_a_bid_that_arrived_before_a_purchase_takes_buy_now_away() -> None:
    app, lot, _ = the_lot(buy_now_price=700)
    buyer, bidder = buys(app, lot, BORIS, 700, app.now() + MS), waits(app, lot, ANNA, 300)
    decides(app, lot)
    assert said(app, bidder, buyer) == [1, PriceMoved]
    assert app.store.tables.auctions[lot].ending is Ending.OPEN


@pytest.mark.parametrize("reserve", [None, 600])
def test_a_purchase_in_its_turn_ends_the_lot_at_once_and_the_rest_is_told_closed(reserve: int | None) -> None:
    """With a reserve a bid below it leaves buy-now where it is, and its hold goes back."""
    app, lot, _ = the_lot(buy_now_price=700, reserve_price=reserve)
    now = app.now()
    before = [waits(app, lot, CLARA, 200, now)] if reserve else []
    buyer = buys(app, lot, BORIS, 700, now + MS)
    after = [waits(app, lot, ANNA, 900, now + 2 * MS), buys(app, lot, ANNA, 700, now + 3 * MS)]
    decides(app, lot)
    number = len(before) + 1
    assert said(app, *before, buyer, *after) == [*range(1, number + 1), AuctionClosed, AuctionClosed]
    auction = app.store.tables.auctions[lot]
    assert (auction.ending, auction.leader_id, auction.ended_at) == (Ending.SOLD, BORIS, now + MS)
    assert [alarm.what for alarm in app.scheduler.alarms] == ["close", "deal"]
    assert not any(wallet.held for wallet in app.store.tables.wallets.values())
    assert_invariants(dump_of(app.store))


def test_a_purchase_that_waited_is_told_to_its_buyer_with_its_deal() -> None:
    app, lot, _ = the_lot(buy_now_price=700)
    led_by_another(app, lot)
    pace_of(app).meanwhile.append(lambda: decides(app, lot))
    closed = app.bidding.buy(lot, ANNA, 700, app.now())
    assert (closed.auction.ending, closed.auction.leader_id) == (Ending.SOLD, ANNA)
    assert closed.deal == app.store.deal(lot)
    assert closed.bid is not None
    assert closed.bid.number == 1
    assert_invariants(dump_of(app.store))


def test_who_cannot_pay_for_a_purchase_leaves_it_to_the_next_one() -> None:
    app, lot, _ = the_lot(buy_now_price=700, stars=10_000)
    app.bidding.bid(put_up(app).auction.id, ANNA, 9_900, app.now(), confirmed=True)
    poor, rich = buys(app, lot, ANNA, 700), buys(app, lot, BORIS, 700, app.now() + MS)
    decides(app, lot)
    assert said(app, poor, rich) == [InsufficientFunds, 1]
    assert_invariants(dump_of(app.store))


def test_a_sealed_lot_in_a_crowd_is_not_bought() -> None:
    app, lot, _ = the_lot(type="sealed")
    buyer, bidder = buys(app, lot, ANNA, 700), waits(app, lot, BORIS, 300)
    decides(app, lot)
    assert said(app, buyer, bidder) == [NotForSale, 1]


# --- a price that falls -----------------------------------------------------------------------------------------------


def test_of_buyers_of_a_falling_price_who_wait_the_first_to_arrive_wins_at_the_price_of_its_arrival() -> None:
    app, lot, _ = the_lot(**FALLING)
    at = app.now() + timedelta(seconds=59, milliseconds=999)
    third, second, first = (
        buys(app, lot, CLARA, 1_000, at + 2 * MS),
        buys(app, lot, BORIS, 1_000, at + MS),
        buys(app, lot, ANNA, 1_000, at),
    )
    app.clock.now = at + 3 * SECOND  # the price has fallen since
    decides(app, lot)
    assert said(app, first, second, third) == [1, AuctionClosed, AuctionClosed]
    auction = app.store.tables.auctions[lot]
    assert (auction.leader_id, auction.price.amount) == (ANNA, 1_000)
    assert_invariants(dump_of(app.store))


def test_of_buyers_of_a_falling_price_the_first_to_be_decided_wins() -> None:
    app, lot, _ = the_lot(**FALLING)
    app.clock.forward(seconds=60)
    quick = buys(app, lot, BORIS, 900)
    decides(app, lot)
    slow = buys(app, lot, ANNA, 1_000, app.now() - SECOND)
    decides(app, lot)
    assert said(app, quick, slow) == [1, AuctionClosed]


def test_who_saw_a_lower_price_than_that_of_their_arrival_does_not_buy() -> None:
    app, lot, _ = the_lot(**FALLING)
    early = buys(app, lot, ANNA, 900)
    app.clock.forward(seconds=61)
    decides(app, lot)
    assert said(app, early) == [PriceMoved]
    seen_higher = buys(app, lot, ANNA, 1_000)
    decides(app, lot)
    assert said(app, seen_higher) == [1]
    assert app.store.tables.auctions[lot].price.amount == 900


# --- what is asked back -----------------------------------------------------------------------------------------------


def test_a_bid_that_became_unusual_while_it_waited_is_asked_back_and_holds_nothing() -> None:
    """The seller has lowered the price in between."""
    app, lot, _ = the_lot(start_price=1_000)
    led_by_another(app, lot)

    def lowered() -> None:
        app.publishing.edit(100, lot, draft(app.now(), start_price=100), (), app.now())
        decides(app, lot)

    pace_of(app).meanwhile.append(lowered)
    with pytest.raises(UnusualBid) as asked:
        app.bidding.bid(lot, ANNA, 1_500, app.now())
    assert asked.value.amount.amount == 1_500
    assert app.store.wallet(ANNA, "XTR").held.amount == 0


@pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])
def test_who_waited_is_told_what_who_came_alone_is_told(kind: str) -> None:
    """The bid, its number, its place in the log, and the lot as it left it, whatever came since."""
    told = []
    for crowd in (False, True):
        app, lot, _ = the_lot(type=kind, bid_step=10 if kind == "english" else None, reserve_price=400)
        app.bidding.bid(lot, BORIS, 300, app.now())
        answers = []
        for who, amount in ((ANNA, 200), (ANNA, 400), (ANNA, 500), (BORIS, 450)):
            if crowd:
                answers.append(bid_while_another_decides(app, lot, who, amount))
            else:
                answers.append(app.bidding.bid(lot, who, amount, app.now(), confirmed=True))
        told.append([(a.bid.number, a.bid.kind, a.bid.maximum, a.bid.price, a.bid.leads, seen(a)) for a in answers])
    assert told[0] == told[1]


def seen(accepted: Accepted) -> tuple[object, ...]:
    """What surfaces show of a lot after a bid: neither another's maximum, nor who leads by sealed bids."""
    after = accepted.auction
    maximum = after.leader_maximum if accepted.bid.leads else None
    leader = None if accepted.bid.sealed else (after.price, after.leader_id, maximum)
    return leader, after.bids_count, after.version, after.ends_at, after.reserve_met


def test_a_crowd_that_is_over_for_a_second_is_none() -> None:
    app, lot, _ = the_lot()
    crowd_on(app, lot)
    app.clock.forward(seconds=1)
    app.store.trips.clear()
    app.bidding.bid(lot, ANNA, 200, app.now())
    assert app.store.trips == ["auction+wallet+line", "commit"]
