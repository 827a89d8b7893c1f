"""Buying a Dutch lot through the use cases: the present price is charged, one buys, and nothing else can happen."""

from __future__ import annotations

from typing import Any

import pytest

from starbid.domain.auction import Ending, Status
from starbid.domain.errors import AuctionClosed, HasBids, InsufficientFunds, NotBiddable, PriceMoved
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, SELLER, join, market, xtr
from tests.support.fakes import FakeApp
from tests.support.invariants import assert_invariants, dump_of

DUTCH: dict[str, Any] = {
    "type": "dutch",
    "start_price": 1_000,
    "floor_price": 400,
    "drop_amount": 100,
    "drop_seconds": 60,
}


def falling() -> tuple[FakeApp, str]:
    app, lot = market(**DUTCH)
    return app, lot.auction.id


def test_a_price_that_fell_on_the_way_is_charged() -> None:
    app, lot = falling()
    app.clock.forward(seconds=60)
    closed = app.bidding.buy(lot, ANNA, 1_000, app.now())
    assert closed.auction.price == xtr(900)
    assert app.store.wallet(ANNA, "XTR", consistent=True).available == xtr(9_100)
    assert_invariants(dump_of(app.store))


def test_a_price_seen_later_than_now_is_refused_and_changes_nothing() -> None:
    app, lot = falling()
    before = app.store.tables.snapshot()
    with pytest.raises(PriceMoved) as moved:
        app.bidding.buy(lot, ANNA, 900, app.now())
    assert moved.value.price == xtr(1_000)
    assert app.store.tables == before


def test_of_two_buyers_at_once_the_second_is_told_it_is_over() -> None:
    app, lot = falling()
    app.store.meanwhile(lambda: app.bidding.buy(lot, BORIS, 1_000, app.now()))
    with pytest.raises(AuctionClosed):
        app.bidding.buy(lot, ANNA, 1_000, app.now())
    assert app.store.tables.auctions[lot].leader_id == BORIS
    assert app.store.wallet(ANNA, "XTR", consistent=True).available == xtr(10_000)
    assert_invariants(dump_of(app.store))


def test_who_has_too_little_does_not_buy_and_may_once_it_has_fallen_far_enough() -> None:
    app, lot = falling()
    join(app, 7, stars=900)
    with pytest.raises(InsufficientFunds):
        app.bidding.buy(lot, 7, 1_000, app.now())
    app.clock.forward(seconds=60)
    app.bidding.buy(lot, 7, 1_000, app.now())
    assert_invariants(dump_of(app.store))


def test_a_bid_on_it_is_refused() -> None:
    app, lot = falling()
    with pytest.raises(NotBiddable):
        app.bidding.bid(lot, ANNA, 1_000, app.now())


def test_nobody_bought_it() -> None:
    app, lot = falling()
    app.clock.forward(hours=1, seconds=2)
    view = app.browsing.lot(lot, ANNA, app.now())
    assert (view.status, view.price, view.leader) == (Status.UNSOLD, xtr(400), None)
    assert_invariants(dump_of(app.store))


def test_bought_it_cannot_be_cancelled() -> None:
    app, lot = falling()
    app.bidding.buy(lot, ANNA, 1_000, app.now())
    with pytest.raises((AuctionClosed, HasBids)):
        app.publishing.cancel(SELLER, lot, app.now())
    with pytest.raises(AuctionClosed):
        app.publishing.cancel(900, lot, app.now(), decision=deciding("late", app.now()))
    assert app.store.tables.auctions[lot].ending is Ending.SOLD
