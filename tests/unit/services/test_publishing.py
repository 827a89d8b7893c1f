"""Putting lots up, editing and cancelling them."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.auction import Ending, Status
from starbid.domain.errors import (
    AuctionClosed,
    Blocked,
    Conflict,
    HasBids,
    InDebt,
    InvalidFields,
    NotFound,
    NotYours,
    SubscriptionRequired,
)
from starbid.domain.lots import Lot, on_card
from starbid.services.ports import Contended
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, SELLER, draft, draw, fields, join, market, pay, put_up, wallet, xtr
from tests.support.fakes import START, Death, FakeApp, make_app
from tests.support.invariants import assert_invariants, dump_of

FALLING = dict[str, Any](type="dutch", start_price=1000, floor_price=100, drop_amount=100, drop_seconds=60)


def publish(app: FakeApp, seller: int = SELLER, request: str = "r", **changes: object) -> Lot:
    return app.publishing.publish(seller, draft(app.now(), **changes), (), request, app.now())


def selling() -> FakeApp:
    app = make_app()
    join(app, SELLER, seller=True)
    return app


def test_a_published_lot_is_live_and_carries_what_was_asked() -> None:
    app = selling()
    pictures = (draw(app, "p1"), draw(app, "p2"))
    lot = app.publishing.publish(SELLER, draft(app.now(), start_price=250), pictures, "r", app.now())

    stored = app.store.lot(lot.auction.id, consistent=True)
    assert stored == lot
    assert stored.auction.status(app.now()) is Status.LIVE
    assert (stored.auction.price, stored.auction.ends_at) == (xtr(250), START + timedelta(hours=1))
    assert stored.card.pictures == ("p1", "p2")


def test_an_id_fits_commands_and_buttons() -> None:
    assert re.fullmatch(r"[a-z0-9]{1,20}", publish(selling()).auction.id)


def test_a_lot_that_starts_later_is_scheduled_and_ends_its_duration_after_that() -> None:
    lot = publish(selling(), starts_at="2026-05-01T15:00")
    assert lot.auction.status(START) is Status.SCHEDULED
    assert lot.auction.ends_at == START + timedelta(hours=4)


def test_publishing_twice_gives_one_lot() -> None:
    app = selling()
    first = publish(app)
    app.clock.forward(seconds=5)
    again = publish(app, title="Changed in between")
    assert again == first
    assert len(app.store.tables.auctions) == 1


def test_twenty_at_once_give_one_lot() -> None:
    app = selling()
    with ThreadPoolExecutor(20) as crowd:
        ids = {lot.auction.id for lot in crowd.map(lambda _: publish(app), range(20))}
    assert len(ids) == len(app.store.tables.auctions) == 1


def test_the_same_request_of_two_sellers_gives_two_lots() -> None:
    app = selling()
    join(app, BORIS, seller=True)
    assert publish(app).auction.id != publish(app, BORIS).auction.id


@pytest.mark.parametrize("after", [False, True])
def test_publishing_again_after_a_death_gives_one_lot(after: bool) -> None:
    app = selling()
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        publish(app)
    publish(app)
    assert len(app.store.tables.auctions) == 1


def test_a_seller_cannot_work_out_the_salt_of_the_pseudonyms() -> None:
    one, other = publish(selling(), request="known to the seller"), publish(selling(), request="known to the seller")
    assert one.auction.id == other.auction.id
    assert one.auction.pseudonym(ANNA) != other.auction.pseudonym(ANNA)


def test_contention_is_waited_out_and_then_a_conflict() -> None:
    app = selling()
    app.store.fail_next(Contended(), times=3)
    publish(app)
    app.store.fail_next(Contended(), times=4)
    with pytest.raises(Conflict):
        publish(app, request="another")


def test_selling_needs_a_subscription() -> None:
    app = make_app()
    with pytest.raises(SubscriptionRequired):
        publish(app, 77)
    join(app, ANNA)
    with pytest.raises(SubscriptionRequired):
        publish(app, ANNA)
    assert app.store.tables.auctions == {}


def test_a_subscription_ends_to_the_millisecond() -> None:
    app = selling()
    app.clock.forward(days=30, milliseconds=-1)
    publish(app, request="just in time")
    app.clock.forward(milliseconds=1)
    with pytest.raises(SubscriptionRequired):
        publish(app, request="too late")


def test_a_subscription_that_lapses_leaves_live_lots_alone() -> None:
    app = selling()
    lot = publish(app, duration_seconds=30 * 86_400)
    app.clock.forward(days=30, seconds=-1)
    app.people.end_subscriptions(app.now())
    join(app, ANNA, stars=500)
    assert app.bidding.bid(lot.auction.id, ANNA, 100, app.now()).auction.leader_id == ANNA


def test_who_is_blocked_or_owes_does_not_sell() -> None:
    app = selling()
    app.store.tables.wallets[SELLER, "XTR"] = wallet(SELLER, owed=1)
    with pytest.raises(InDebt):
        publish(app)
    app.store.block(SELLER)
    with pytest.raises(Blocked):
        publish(app)
    assert app.store.tables.auctions == {}


def test_a_debt_settled_a_moment_ago_is_no_reason() -> None:
    app = selling()
    app.store.tables.wallets[SELLER, "XTR"] = wallet(SELLER, owed=100)
    app.store.lag = True
    pay(app, SELLER, 100)
    assert publish(app).auction.id in app.store.tables.auctions


def test_a_subscription_that_ends_in_between_is_refused_in_the_transaction() -> None:
    app = selling()
    app.clock.forward(days=29)

    def lapse() -> None:
        app.people.end_subscriptions(START + timedelta(days=30))

    app.store.meanwhile(lapse)
    with pytest.raises(SubscriptionRequired):
        publish(app)


# --- editing ----------------------------------------------------------------------------------------------------------


def test_a_seller_changes_a_lot_that_nobody_has_bid_on() -> None:
    app, lot = market()
    app.clock.forward(minutes=10)
    change = draft(app.now(), title="A better lamp", start_price=300, reserve_price=400, duration_seconds=600)
    after = app.publishing.edit(SELLER, lot.auction.id, change, (draw(app, "p9"),), app.now())

    assert app.store.lot(lot.auction.id, consistent=True) == after
    assert (after.card.title, after.card.pictures, after.auction.price) == ("A better lamp", ("p9",), xtr(300))
    assert (after.auction.starts_at, after.auction.ends_at) == (app.now(), START + timedelta(minutes=20))
    assert after.auction.scheduled_end == after.auction.ends_at
    assert after.auction.version == lot.auction.version + 1


def test_who_mends_a_word_moves_neither_start_nor_end_nor_a_falling_price() -> None:
    for terms in ({}, FALLING, {"type": "sealed"}):
        app, lot = market(**terms)
        app.clock.forward(minutes=10)
        after = app.publishing.edit(SELLER, lot.auction.id, draft(title="Mended", **terms), (), app.now())
        assert after.auction == on_card(replace(lot.auction, version=2), after.card)
        assert after.card.title == "Mended"


def test_a_price_that_is_to_fall_in_another_way_begins_anew() -> None:
    app, lot = market(**FALLING)
    app.clock.forward(minutes=3)
    after = app.publishing.edit(SELLER, lot.auction.id, draft(**FALLING | {"start_price": 900}), (), app.now())
    assert (after.auction.starts_at, after.auction.ends_at) == (app.now(), app.now() + timedelta(hours=1))


def test_a_new_end_is_watched() -> None:
    app, lot = market()
    app.scheduler.alarms.clear()
    app.publishing.edit(SELLER, lot.auction.id, draft(app.now(), duration_seconds=60), (), app.now())
    assert app.scheduler.alarms[0].at == START + timedelta(seconds=62)


def test_a_scheduled_lot_can_be_moved() -> None:
    app = selling()
    lot = publish(app, starts_at="2026-05-03T12:00")
    moved = app.publishing.edit(SELLER, lot.auction.id, draft(starts_at="2026-05-02T12:00"), (), app.now())
    assert moved.auction.starts_at == START + timedelta(days=1)
    assert moved.auction.ends_at == START + timedelta(days=1, hours=1)
    now = app.publishing.edit(SELLER, lot.auction.id, draft(), (), app.now())
    assert now.auction.status(app.now()) is Status.LIVE


def test_type_and_currency_stay() -> None:
    app, lot = market()
    physical = draft(goods="physical", currency="RUB")
    with pytest.raises(InvalidFields) as refusal:
        app.publishing.edit(SELLER, lot.auction.id, physical, (), app.now())
    assert [(error.field, error.reason) for error in refusal.value.errors] == [("currency", "fixed")]


def test_nobody_edits_a_lot_of_others_one_with_bids_or_one_that_is_over() -> None:
    app, lot = market()
    change = draft(app.now())
    with pytest.raises(NotFound):
        app.publishing.edit(SELLER, "nothing", change, (), app.now())
    with pytest.raises(NotYours):
        app.publishing.edit(ANNA, lot.auction.id, change, (), app.now())
    app.bidding.bid(lot.auction.id, ANNA, 100, app.now())
    with pytest.raises(HasBids):
        app.publishing.edit(SELLER, lot.auction.id, change, (), app.now())
    app.clock.forward(hours=2)
    with pytest.raises(AuctionClosed):
        app.publishing.edit(SELLER, lot.auction.id, change, (), app.now())


def test_a_lot_whose_end_has_come_is_not_edited_back_to_life() -> None:
    app, lot = market()
    app.clock.forward(hours=1)
    with pytest.raises(AuctionClosed):
        app.publishing.edit(SELLER, lot.auction.id, draft(app.now()), (), app.now())


def test_of_two_edits_at_once_both_count_one_after_the_other() -> None:
    app, lot = market()
    first, second = ((draw(app, name),) for name in ("p1", "p2"))
    app.store.meanwhile(lambda: app.publishing.edit(SELLER, lot.auction.id, draft(title="First"), first, app.now()))
    app.publishing.edit(SELLER, lot.auction.id, draft(title="Second"), second, app.now())
    stored = app.store.lot(lot.auction.id, consistent=True)
    assert (stored.card.title, stored.card.pictures, stored.card.version) == ("Second", ("p2",), 3)


# --- cancelling -------------------------------------------------------------------------------------------------------


def test_a_seller_cancels_and_nobody_bids_any_more() -> None:
    app, lot = market()
    closed = app.publishing.cancel(SELLER, lot.auction.id, app.now())
    assert closed.auction.ending is Ending.CANCELLED
    with pytest.raises(AuctionClosed):
        app.bidding.bid(lot.auction.id, ANNA, 100, app.now())
    with pytest.raises(AuctionClosed):
        app.publishing.cancel(SELLER, lot.auction.id, app.now())


def test_an_admin_cancels_with_bids_and_every_hold_is_released() -> None:
    app, lot = market()
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
    with pytest.raises(HasBids):
        app.publishing.cancel(SELLER, lot.auction.id, app.now())
    app.publishing.cancel(900, lot.auction.id, app.now(), decision=deciding("stolen", app.now()))
    assert app.store.wallet(ANNA, "XTR", consistent=True).available == xtr(10_000)
    assert_invariants(dump_of(app.store))


def test_a_bid_in_between_does_not_keep_an_admin_from_cancelling() -> None:
    app, lot = market()
    app.store.meanwhile(lambda: app.bidding.bid(lot.auction.id, ANNA, 500, app.now()))
    app.publishing.cancel(900, lot.auction.id, app.now(), decision=deciding("stolen", app.now()))
    assert app.store.wallet(ANNA, "XTR", consistent=True).available == xtr(10_000)
    assert_invariants(dump_of(app.store))


def test_the_form_of_the_factories_passes_as_it_is() -> None:
    app = selling()
    assert put_up(app, **fields()).auction.status(app.now()) is Status.LIVE
