"""Bids on sealed lots: what they hold, and those that meet another or the closer."""

from __future__ import annotations

import pytest

from starbid.domain.auction import Ending
from starbid.domain.errors import AuctionClosed, BidTooLow, InsufficientFunds
from tests.support.factories import ANNA, BORIS, CLARA, join, market, put_up, xtr
from tests.support.fakes import Death
from tests.support.fiat import RUB, rub, top_up
from tests.support.invariants import assert_invariants, dump_of

from .sealed import busy, ended_well, kinds

pytestmark = pytest.mark.usefixtures("small_chunks")


@kinds
def test_no_bid_counts_while_it_is_closing(kind: str) -> None:
    app, lot = busy(kind)
    app.clock.forward(hours=1, seconds=2)
    app.store.meanwhile(lambda: None)
    app.store.meanwhile(lambda: app.store.fail_next(Death()))
    with pytest.raises(Death):
        app.closing.wake(lot, app.now())
    app.store.heal()
    with pytest.raises(AuctionClosed):
        app.bidding.bid(lot, ANNA, 990, app.now())
    app.closing.sweep(app.now())
    ended_well(app, lot, Ending.SOLD, {5: 950 if kind == "sealed" else 800})


def test_a_bid_in_time_that_commits_before_the_closer_counts() -> None:
    app, lot = busy()
    app.clock.forward(minutes=59, seconds=59)
    in_time = app.now()
    app.clock.forward(seconds=3)
    app.store.meanwhile(lambda: app.bidding.bid(lot, ANNA, 990, in_time))
    app.closing.close(lot, app.now())
    ended_well(app, lot, Ending.SOLD, {ANNA: 990})


def test_a_bid_in_time_that_commits_after_the_closer_is_refused() -> None:
    app, lot = busy()
    app.clock.forward(minutes=59, seconds=59)
    in_time = app.now()
    app.clock.forward(seconds=3)
    app.store.meanwhile(lambda: app.closing.close(lot, app.now()))
    with pytest.raises(AuctionClosed):
        app.bidding.bid(lot, ANNA, 990, in_time)
    ended_well(app, lot, Ending.SOLD, {5: 950})


def test_two_raises_of_one_person_at_once_hold_what_the_higher_one_says() -> None:
    app, lot = market(type="sealed")
    lot_id = lot.auction.id
    app.bidding.bid(lot_id, ANNA, 300, app.now())
    app.store.meanwhile(lambda: app.bidding.bid(lot_id, ANNA, 800, app.now()))
    with pytest.raises(BidTooLow) as low:
        app.bidding.bid(lot_id, ANNA, 500, app.now())
    assert low.value.next_min == xtr(801)
    assert app.store.wallet(ANNA, "XTR", consistent=True).held == xtr(800)
    assert_invariants(dump_of(app.store))


def test_a_raise_needs_only_the_difference() -> None:
    app, lot = market(type="sealed", stars=500)
    app.bidding.bid(lot.auction.id, ANNA, 400, app.now())
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
    with pytest.raises(InsufficientFunds) as short:
        app.bidding.bid(lot.auction.id, ANNA, 501, app.now())
    assert short.value.missing == xtr(1)
    assert_invariants(dump_of(app.store))


def test_a_stale_read_of_the_own_stake_makes_up_no_refusal() -> None:
    """The wallet that was read knows nothing of the first bid yet."""
    app, lot = market(type="vickrey", stars=500)
    app.store.lag = True
    app.bidding.bid(lot.auction.id, ANNA, 400, app.now())
    assert app.bidding.bid(lot.auction.id, ANNA, 450, app.now()).auction.leader_maximum == xtr(450)
    assert_invariants(dump_of(app.store))


def test_stakes_on_two_lots_are_two() -> None:
    app, first = market(ANNA, BORIS, CLARA, type="sealed")
    second = put_up(app, type="vickrey", duration_seconds=7_200)
    for lot in (first, second):
        app.bidding.bid(lot.auction.id, ANNA, 300, app.now())
        app.bidding.bid(lot.auction.id, BORIS, 200, app.now())
    app.clock.forward(hours=1, seconds=2)
    app.closing.sweep(app.now())
    wallet = app.store.wallet(BORIS, "XTR", consistent=True)
    assert (wallet.held, dict(wallet.stakes)) == (xtr(200), {second.auction.id: xtr(200)})
    assert_invariants(dump_of(app.store))


def test_a_sealed_lot_in_another_currency_holds_that_currency() -> None:
    app, _ = market()
    lot = put_up(app, type="sealed", goods="physical", currency=RUB).auction.id
    join(app, 7)
    for who in (7, ANNA):
        top_up(app, who, rub(1_000))
    app.bidding.bid(lot, 7, 300, app.now())
    app.bidding.bid(lot, 7, 400, app.now())
    app.bidding.bid(lot, ANNA, 900, app.now())
    assert_invariants(dump_of(app.store))
    app.clock.forward(hours=1, seconds=2)
    app.closing.wake(lot, app.now())
    wallet = app.store.wallet(7, RUB, consistent=True)
    assert (wallet.available.amount, wallet.held.amount) == (1_000, 0)
    assert_invariants(dump_of(app.store))
