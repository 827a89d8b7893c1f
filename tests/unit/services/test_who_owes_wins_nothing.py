"""Spec, section 2, "Who owes wins nothing": at the close, in every kind of auction, with every notice."""

from datetime import timedelta

from starbid.domain import audit_check
from starbid.domain.auction import Ending
from starbid.domain.second_chance_offer import Offer
from tests.support import factories
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, market, xtr
from tests.support.invariants import assert_invariants, dump_of

from .owing import OVER, SEALED, all_told, close, take_back, told, wallet


def test_a_leader_whose_payment_was_taken_back_wins_nothing_and_the_hold_settles_the_debt() -> None:
    app, lot = market(bid_step=10)
    for who, amount in ((CLARA, 200), (BORIS, 300), (ANNA, 500)):
        app.bidding.bid(lot.auction.id, who, amount, app.now(), confirmed=True)
    take_back(app, ANNA)
    assert wallet(app, ANNA) == (0, 500, 500)
    close(app, lot.auction.id)

    after = app.store.auction(lot.auction.id)
    assert (after.ending, after.left_out, after.price) == (Ending.UNSOLD, (ANNA,), xtr(310))
    assert lot.auction.id not in app.store.tables.deals
    app.follow_debts()
    assert wallet(app, ANNA) == (0, 0, 0)


def test_the_next_one_is_offered_the_lot_at_once_for_what_it_would_have_cost_them() -> None:
    app, lot = market(bid_step=10)
    for who, amount in ((CLARA, 200), (BORIS, 300), (ANNA, 500)):
        app.bidding.bid(lot.auction.id, who, amount, app.now(), confirmed=True)
    app.run_streams()
    take_back(app, ANNA)
    close(app, lot.auction.id)

    until = app.now() + timedelta(hours=48)
    assert app.store.auction(lot.auction.id).offer == Offer(BORIS, xtr(210), until)
    assert [alarm.at for alarm in app.scheduler.alarms if alarm.what == "deal"] == [until]
    app.messenger.told.clear()
    app.run_streams()
    kinds = {who: app.messenger.kinds_for(who) for who in (SELLER, ANNA, BORIS, CLARA)}
    assert kinds[SELLER] == ["unsold"]
    assert set(kinds[ANNA]) == {"refunded", "lost", "debt_offset"}
    assert kinds[BORIS] == ["lost", "second_chance"]
    assert kinds[CLARA] == ["lost"]
    new = app.second_chance.accept(BORIS, lot.auction.id, app.now())
    assert (new.auction.leader_id, new.auction.price) == (BORIS, xtr(210))
    assert_invariants(dump_of(app.store))


def test_an_offer_after_a_debt_that_nobody_answers_ends_and_the_lot_goes_up_again() -> None:
    app, lot = market()
    app.bidding.bid(lot.auction.id, BORIS, 300, app.now(), confirmed=True)
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now(), confirmed=True)
    take_back(app, ANNA)
    close(app, lot.auction.id)
    app.run_streams()
    app.clock.forward(hours=48)
    app.scheduler.fire(app)
    assert told(app, SELLER) == ["second_chance_expired"]
    assert app.publishing.relist(SELLER, lot.auction.id, app.now()).auction.ending is Ending.OPEN


def test_the_offer_passes_over_those_who_owe_or_are_blocked_and_their_bids_set_no_price() -> None:
    dora, ed = 4, 5
    app, lot = market(ANNA, BORIS, CLARA, dora, ed, bid_step=10)
    for who, amount in ((ed, 150), (CLARA, 200), (dora, 300), (BORIS, 400), (ANNA, 500)):
        app.bidding.bid(lot.auction.id, who, amount, app.now(), confirmed=True)
    take_back(app, ANNA)
    app.store.tables.wallets[dora, "XTR"] = factories.wallet(dora, available=9, owed=10)
    app.store.block(BORIS)
    app.clock.forward(**OVER)
    app.closing.close(lot.auction.id, app.now())
    offer = app.store.auction(lot.auction.id).offer
    assert offer
    assert (offer.to_id, offer.price) == (CLARA, xtr(160))


def test_nobody_is_offered_what_would_not_have_met_the_reserve() -> None:
    app, lot = market(reserve_price=400)
    app.bidding.bid(lot.auction.id, BORIS, 399, app.now(), confirmed=True)
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now(), confirmed=True)
    take_back(app, ANNA)
    close(app, lot.auction.id)
    assert app.store.auction(lot.auction.id).offer is None


def test_who_owes_no_more_than_is_available_wins() -> None:
    """A person owes while `owed` > `available`, as read by the settling (spec, section 2)."""
    for available, ending in ((100, Ending.SOLD), (99, Ending.UNSOLD)):
        app, lot = market()
        app.bidding.bid(lot.auction.id, ANNA, 500, app.now(), confirmed=True)
        app.store.tables.wallets[ANNA, "XTR"] = factories.wallet(ANNA, available=available, held=500, owed=100)
        app.clock.forward(**OVER)
        assert app.closing.close(lot.auction.id, app.now()).ending is ending


def test_a_debt_that_comes_after_the_settling_reopens_nothing() -> None:
    app, lot = market()
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now(), confirmed=True)
    close(app, lot.auction.id)
    take_back(app, ANNA)
    app.run_streams()
    assert app.store.auction(lot.auction.id).ending is Ending.SOLD
    assert app.store.deal(lot.auction.id).frozen_at == app.now()


@SEALED
def test_the_sealed_bids_of_those_who_owe_are_left_out_before_winner_and_price_are_found(kind: str) -> None:
    dora = 4
    app, lot = market(ANNA, BORIS, CLARA, dora, type=kind, start_price=50)
    for who, amount in ((CLARA, 200), (BORIS, 300), (ANNA, 500), (dora, 400)):
        app.bidding.bid(lot.auction.id, who, amount, app.now(), confirmed=True)
    take_back(app, ANNA)
    take_back(app, dora)
    close(app, lot.auction.id)

    after = app.store.auction(lot.auction.id)
    assert (after.ending, after.leader_id, after.left_out) == (Ending.SOLD, BORIS, (ANNA, dora))
    assert after.price == xtr(300 if kind == "sealed" else 200)
    app.follow_debts()
    assert (wallet(app, ANNA), wallet(app, dora)) == ((0, 0, 0), (0, 0, 0))
    assert wallet(app, CLARA) == (10_000, 0, 0)
    log = app.browsing.log(lot.auction.id, app.now())
    assert audit_check.problems(log) == []
    assert log["result"]["left_out"] == [after.pseudonym(ANNA), after.pseudonym(dora)]
    assert {opening["amount"] for opening in log["openings"]} == ({300, 200} if kind == "sealed" else {200})
    notice = next(notice for person, notice, _ in all_told(app) if (person.id, notice.kind) == (ANNA, "lost"))
    assert notice.facts["owed"]


@SEALED
def test_where_all_who_bid_owe_nothing_is_sold_and_all_is_released(kind: str) -> None:
    app, lot = market(ANNA, BORIS, type=kind)
    for who in (ANNA, BORIS):
        app.bidding.bid(lot.auction.id, who, 500, app.now(), confirmed=True)
        take_back(app, who)
    close(app, lot.auction.id)
    after = app.store.auction(lot.auction.id)
    assert (after.ending, after.left_out, after.offer) == (Ending.UNSOLD, (ANNA, BORIS), None)
    assert audit_check.problems(app.browsing.log(lot.auction.id, app.now())) == []
    app.follow_debts()
    assert wallet(app, ANNA) == wallet(app, BORIS) == (0, 0, 0)


@SEALED
def test_a_reserve_that_only_a_debtor_met_is_not_met(kind: str) -> None:
    app, lot = market(type=kind, reserve_price=400)
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now(), confirmed=True)
    app.bidding.bid(lot.auction.id, BORIS, 399, app.now(), confirmed=True)
    take_back(app, ANNA)
    close(app, lot.auction.id)
    assert app.store.auction(lot.auction.id).ending is Ending.UNSOLD
    assert wallet(app, BORIS) == (10_000, 0, 0)
