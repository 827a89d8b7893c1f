"""Lots that an operator has hidden: who may still bid on them, and what becomes of them."""

from __future__ import annotations

from typing import Any

import pytest

from starbid.domain.errors import NotFound, OwnAuction
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, SELLER, market, put_up
from tests.support.fakes import FakeApp


@pytest.fixture
def app() -> FakeApp:
    return market(ANNA, BORIS)[0]


def hidden(app: FakeApp, *bids: tuple[int, int], **fields: Any) -> str:
    lot = put_up(app, **fields).auction.id
    for who, amount in bids:
        app.bidding.bid(lot, who, amount, app.now())
    app.lot_acts.hide(deciding("It may be a fake", app.now()), lot)
    return lot


def test_to_a_stranger_a_bid_finds_no_lot_and_holds_nothing(app: FakeApp) -> None:
    lot = hidden(app, (ANNA, 200))
    with pytest.raises(NotFound):
        app.bidding.bid(lot, BORIS, 500, app.now())
    assert not app.store.wallet(BORIS, "XTR").held.amount
    assert app.store.auction(lot).leader_id == ANNA


def test_a_stranger_buys_no_hidden_lot(app: FakeApp) -> None:
    lot = hidden(app, buy_now_price=900)
    with pytest.raises(NotFound):
        app.bidding.buy(lot, BORIS, 900, app.now())


def test_who_has_bid_goes_on_bidding_also_after_being_outbid(app: FakeApp) -> None:
    lot = hidden(app, (ANNA, 200), (BORIS, 300))
    app.bidding.bid(lot, ANNA, 400, app.now())
    app.bidding.bid(lot, BORIS, 500, app.now())
    assert app.store.auction(lot).leader_id == BORIS


def test_its_seller_is_told_what_any_seller_is(app: FakeApp) -> None:
    with pytest.raises(OwnAuction):
        app.bidding.bid(hidden(app), SELLER, 500, app.now())


def test_shown_again_it_is_open_to_all(app: FakeApp) -> None:
    lot = hidden(app)
    app.lot_acts.show(deciding("It is genuine", app.now()), lot)
    app.bidding.bid(lot, BORIS, 500, app.now())
    assert app.store.auction(lot).leader_id == BORIS


def test_a_bid_that_comes_between_does_not_keep_it_from_being_hidden(app: FakeApp) -> None:
    lot = put_up(app).auction.id
    app.store.meanwhile(lambda: app.bidding.bid(lot, ANNA, 200, app.now()))
    app.lot_acts.hide(deciding("It may be a fake", app.now()), lot)
    after = app.store.auction(lot)
    assert (after.hidden, after.leader_id) == (True, ANNA)


def test_put_up_once_more_it_is_still_hidden(app: FakeApp) -> None:
    lot = hidden(app)
    lasts = app.store.auction(lot).ends_at - app.now()
    app.clock.forward(seconds=lasts.total_seconds() + 3)
    assert app.publishing.relist(SELLER, lot, app.now()).auction.hidden


def test_its_words_alone_are_there_for_the_same_people_and_reading_them_closes_nothing(app: FakeApp) -> None:
    lot = hidden(app, (ANNA, 200), duration_seconds=3600)
    app.clock.forward(days=1)
    before = app.store.tables.auctions[lot]
    assert before.is_due(app.now())
    for viewer in (ANNA, SELLER):
        assert app.browsing.card(lot, viewer).auction_id == lot
    for viewer, name in ((BORIS, lot), (ANNA, "another")):
        with pytest.raises(NotFound):
            app.browsing.card(name, viewer)
    assert app.store.tables.auctions[lot] is before
