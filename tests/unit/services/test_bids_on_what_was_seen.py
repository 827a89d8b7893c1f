"""Spec, section 3, "What one bids on": a bid or purchase is made on the words that the person saw."""

import pytest

from starbid.domain import audit
from starbid.domain.errors import AuctionClosed, BidTooLow, LotChanged, OwnAuction, PriceMoved
from starbid.domain.lots import Lot
from tests.support.factories import ANNA, BORIS, SELLER, draft, draw, market, put_up
from tests.support.fakes import FakeApp
from tests.support.invariants import assert_invariants, dump_of

KINDS = pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])


def swap(app: FakeApp, lot: Lot, **changes: object) -> Lot:
    """The seller puts other words in the place of those that people have seen."""
    fields = {"title": "A brick", "type": lot.auction.terms.kind} | changes
    return app.publishing.edit(SELLER, lot.auction.id, draft(app.now(), **fields), (), app.now())


def refuses_as_changed(app: FakeApp, act: object, version: int) -> None:
    before = app.store.tables.snapshot()
    with pytest.raises(LotChanged) as refusal:
        act()  # type: ignore[operator]
    assert refusal.value.details == {"card_version": version}
    assert app.store.tables == before, "a refused bid changes nothing, holds nothing and extends nothing"


@KINDS
def test_a_bid_on_words_that_were_changed_since_is_refused(kind: str) -> None:
    app, lot = market(type=kind)
    swap(app, lot)
    refuses_as_changed(app, lambda: app.bidding.bid(lot.auction.id, ANNA, 500, app.now(), card_version=1), 2)
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now(), card_version=2)
    assert_invariants(dump_of(app.store))


def test_a_purchase_of_words_that_were_changed_since_is_refused() -> None:
    falling = {"type": "dutch", "start_price": 500, "floor_price": 100, "drop_amount": 100, "drop_seconds": 600}
    for terms in (falling, {"buy_now_price": 500}):
        app, lot = market(**terms)
        swap(app, lot, **terms)
        refuses_as_changed(app, lambda: app.bidding.buy(lot.auction.id, ANNA, 500, app.now(), card_version=1), 2)  # noqa: B023
        app.bidding.buy(lot.auction.id, ANNA, 500, app.now(), card_version=2)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another"},
        {"description": "Broken."},
        {"category": "art"},
        {"start_price": 101},
        {"reserve_price": 900},
        {"buy_now_price": 900},
        {"extend_seconds": 0},
        {"duration_seconds": 7200},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_the_seller_changes_moves_the_version(change: dict[str, object]) -> None:
    app, lot = market()
    after = app.publishing.edit(SELLER, lot.auction.id, draft(app.now(), **change), (), app.now())
    assert after.auction.card_version == after.card.version == 2
    refuses_as_changed(app, lambda: app.bidding.bid(lot.auction.id, ANNA, 500, app.now(), card_version=1), 2)


def test_other_pictures_are_other_words_too() -> None:
    app, lot = market()
    pictures = (draw(app, "p1"),)
    after = app.publishing.edit(SELLER, lot.auction.id, draft(app.now()), pictures, app.now())
    assert (after.auction.card_version, after.auction.card_hash != lot.auction.card_hash) == (2, True)


def test_an_edit_that_changes_nothing_leaves_open_pages_good() -> None:
    app, lot = market()
    trips = len(app.store.trips)
    assert app.publishing.edit(SELLER, lot.auction.id, draft(app.now()), (), app.now()).auction == lot.auction
    assert "commit" not in app.store.trips[trips:]
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now(), card_version=1)


def test_bids_do_not_move_the_version_of_the_words() -> None:
    app, lot = market()
    for who, amount in ((ANNA, 500), (BORIS, 600), (ANNA, 700)):
        accepted = app.bidding.bid(lot.auction.id, who, amount, app.now(), card_version=1)
        assert accepted.auction.card_version == 1


@KINDS
def test_of_an_edit_and_a_first_bid_at_once_the_bid_never_lands_on_the_new_words(kind: str) -> None:
    """The read saw the old words, the write comes after the edit; with an old read on top."""
    for lag in (False, True):
        app, lot = market(type=kind)
        app.store.lag = lag
        app.store.meanwhile(lambda: swap(app, lot))  # noqa: B023
        with pytest.raises(LotChanged):
            app.bidding.bid(lot.auction.id, ANNA, 500, app.now(), card_version=1)
        assert app.store.auction(lot.auction.id, consistent=True).bids_count == 0
        app.store.lag = False
        assert_invariants(dump_of(app.store))


def test_a_stale_read_makes_no_change_up() -> None:
    app, lot = market()
    app.store.lag = True
    swap(app, lot)
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now(), card_version=2)


def test_who_names_no_version_bids_on_the_lot_as_it_is() -> None:
    app, lot = market()
    swap(app, lot)
    assert app.bidding.bid(lot.auction.id, ANNA, 500, app.now()).auction.bids_count == 1


def test_reasons_come_in_the_order_of_the_contract() -> None:
    """Closed, own lot, changed words, too low or a moved price, not enough money (spec, section 3, "Who")."""
    app, lot = market(buy_now_price=600)
    swap(app, lot, buy_now_price=700)
    lot_id = lot.auction.id
    with pytest.raises(OwnAuction):
        app.bidding.bid(lot_id, SELLER, 1, app.now(), card_version=1)
    with pytest.raises(LotChanged):
        app.bidding.bid(lot_id, ANNA, 1, app.now(), card_version=1)
    with pytest.raises(LotChanged):
        app.bidding.buy(lot_id, ANNA, 600, app.now(), card_version=1)
    with pytest.raises(PriceMoved):
        app.bidding.buy(lot_id, ANNA, 600, app.now(), card_version=2)
    with pytest.raises(LotChanged):
        app.bidding.bid(lot_id, ANNA, 10**9, app.now(), card_version=1)
    with pytest.raises(BidTooLow):
        app.bidding.bid(lot_id, ANNA, 1, app.now(), card_version=2)
    app.clock.forward(hours=2)
    with pytest.raises(AuctionClosed):
        app.bidding.bid(lot_id, ANNA, 1, app.now(), card_version=1)


def test_the_hash_of_the_words_stands_in_the_log() -> None:
    app, lot = market()
    after = swap(app, lot)
    terms = audit.terms_of(after.auction)
    assert terms["card"] == after.card.hash == after.auction.card_hash
    words = {name: getattr(after.card, name) for name in ("title", "description", "category", "goods")}
    assert after.card.hash == audit.digest(words | {"pictures": []})


def test_lots_that_follow_others_are_bound_to_their_words() -> None:
    app, lot = market()
    swap(app, lot)
    app.publishing.cancel(SELLER, lot.auction.id, app.now())
    again = app.publishing.relist(SELLER, lot.auction.id, app.now())
    assert (again.auction.card_version, again.auction.card_hash) == (1, again.card.hash)
    assert put_up(app).auction.card_hash
