"""The close of a lot whose best bidders owe: deaths, races, long lots, sellers who may not sell (spec, section 2)."""

import pytest

from starbid.domain.auction import Ending
from starbid.domain.errors import InDebt
from starbid.services.auctions import closing
from tests.support import factories
from tests.support.blocking import block
from tests.support.factories import ANNA, BORIS, SELLER, market, pay, put_up, xtr
from tests.support.fakes import Death
from tests.support.invariants import assert_invariants, dump_of

from .owing import OVER, close, take_back, wallet


@pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])
@pytest.mark.parametrize("after", [False, True])
def test_a_closer_that_dies_at_any_write_is_made_good(kind: str, after: bool) -> None:
    for moment in range(4):
        app, lot = market(type=kind)
        for who, amount in ((BORIS, 300), (ANNA, 500)):
            app.bidding.bid(lot.auction.id, who, amount, app.now())
        take_back(app, ANNA)
        app.clock.forward(**OVER)
        for _ in range(moment):
            app.store.meanwhile(lambda: None)
        app.store.fail_next(Death(), after=after)
        try:
            app.closing.close(lot.auction.id, app.now())
        except Death:
            app.store.heal()
            assert_invariants(dump_of(app.store))
        app.store.heal()
        app.closing.sweep(app.now())
        app.follow_debts()
        assert wallet(app, ANNA) == (0, 0, 0)
        assert app.store.auction(lot.auction.id).leader_id == (ANNA if kind == "english" else BORIS)
        assert_invariants(dump_of(app.store))


def test_a_debt_bars_bids_in_its_own_currency_and_selling_in_any() -> None:
    app, lot = market()
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
    take_back(app, ANNA)
    other = put_up(app)
    with pytest.raises(InDebt) as refusal:
        app.bidding.bid(other.auction.id, ANNA, 100, app.now())
    assert (refusal.value.code, refusal.value.details) == ("in_debt", {"owed": 500})
    with pytest.raises(InDebt):
        app.publishing.require_seller(ANNA, app.now())


def test_what_comes_free_settles_the_debt_though_its_owner_does_nothing() -> None:
    """Whatever reaches `available` settles within seconds: here an outbid leader's hold."""
    app, lot = market()
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
    take_back(app, ANNA)
    app.bidding.bid(lot.auction.id, BORIS, 600, app.now())
    assert wallet(app, ANNA) == (500, 0, 500)
    app.follow_debts()
    assert wallet(app, ANNA) == (0, 0, 0)
    assert_invariants(dump_of(app.store))


def test_the_books_of_a_debt_settled_by_a_new_payment_add_up() -> None:
    app, lot = market()
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
    take_back(app, ANNA)
    pay(app, ANNA, 700)
    assert wallet(app, ANNA) == (200, 500, 0)
    close(app, lot.auction.id)
    assert app.store.auction(lot.auction.id).ending is Ending.SOLD


def test_all_who_owe_are_left_out_with_one_more_look_at_the_wallets() -> None:
    app, lot = market(type="sealed")
    for number in range(40):
        factories.join(app, 10_000 + number, stars=1_000)
        app.bidding.bid(lot.auction.id, 10_000 + number, 500 + number, app.now())
        if number:
            take_back(app, 10_000 + number)
    app.clock.forward(**OVER)
    trips = len(app.store.trips)
    app.closing.close(lot.auction.id, app.now())
    after = app.store.auction(lot.auction.id)
    assert (after.leader_id, len(after.left_out)) == (10_000, 39)
    looks = ("the best two", "the best two without their buyer", "everybody", "whose holds are released")
    assert app.store.trips[trips:].count("wallets_of") == len(looks)
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize("kind", ["english", "sealed"])
def test_a_visitor_of_a_long_lot_of_a_debtor_leaves_it_to_the_closer(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(closing, "FEW_BIDS", 1)
    app, lot = market(type=kind)
    for who, amount in ((BORIS, 300), (ANNA, 500)):
        app.bidding.bid(lot.auction.id, who, amount, app.now())
    take_back(app, ANNA)
    app.clock.forward(**OVER)
    app.scheduler.alarms.clear()
    app.closing.close_if_due(app.store.auction(lot.auction.id), app.now())
    assert app.store.auction(lot.auction.id).ending is Ending.OPEN
    assert [(alarm.what, alarm.auction_id, alarm.at) for alarm in app.scheduler.alarms] == [
        ("close", lot.auction.id, app.now())
    ]
    app.closing.wake(lot.auction.id, app.now())
    assert app.store.auction(lot.auction.id).is_final
    assert_invariants(dump_of(app.store))


def test_no_offer_is_made_in_the_name_of_a_seller_who_may_not_sell() -> None:
    app, lot = market()
    for who, amount in ((BORIS, 300), (ANNA, 500)):
        app.bidding.bid(lot.auction.id, who, amount, app.now())
    take_back(app, ANNA)
    block(app, SELLER)
    close(app, lot.auction.id)
    after = app.store.auction(lot.auction.id)
    assert (after.ending, after.offer) == (Ending.UNSOLD, None)


def test_a_debt_in_the_moment_of_the_sale_is_one_in_any_currency() -> None:
    """Nothing but the condition of the write itself tells it: what was bought does not change with it."""
    app, lot = market(bid_step=10)
    for who, amount in ((BORIS, 300), (ANNA, 500)):
        app.bidding.bid(lot.auction.id, who, amount, app.now())
    app.clock.forward(**OVER)

    def owe() -> None:
        unit = app.store.unit()
        available = app.store.tables.wallets[ANNA, "XTR"].available
        unit.change_debt(ANNA, -available, xtr(1), xtr(0))
        unit.commit()

    app.store.meanwhile(owe)
    app.closing.close(lot.auction.id, app.now())
    after = app.store.auction(lot.auction.id)
    assert (after.ending, after.left_out) == (Ending.UNSOLD, (ANNA,))
