"""Spec, section 2, "Who owes wins nothing": at the close, in every kind of auction, with every notice."""

from datetime import timedelta

import pytest

from starbid.domain import audit_check
from starbid.domain.auction import Ending
from starbid.domain.errors import InDebt
from starbid.domain.offers import Offer
from starbid.services import closing
from tests.support import factories
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, market, pay, put_up, xtr
from tests.support.fakes import Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of

OVER = {"hours": 1, "seconds": 2}
SEALED = pytest.mark.parametrize("kind", ["sealed", "vickrey"])


def take_back(app: FakeApp, who: int) -> None:
    """Telegram takes back all that they ever paid."""
    for charge in app.store.charges_of(who):
        app.refunding.taken_back(who, charge.id, "", charge.amount.amount, "XTR", app.now())


def close(app: FakeApp, lot: str) -> None:
    app.clock.forward(**OVER)
    app.closing.close(lot, app.now())
    assert_invariants(dump_of(app.store))


def wallet(app: FakeApp, who: int) -> tuple[int, int, int]:
    mine = app.store.wallet(who, "XTR", consistent=True)
    return mine.available.amount, mine.held.amount, mine.owed.amount


def told(app: FakeApp, who: int) -> list[str]:
    app.messenger.told.clear()
    app.run_streams()
    return app.messenger.kinds_for(who)


def test_a_leader_whose_payment_was_taken_back_wins_nothing_and_the_hold_settles_the_debt() -> None:
    app, lot = market(bid_step=10)
    for who, amount in ((CLARA, 200), (BORIS, 300), (ANNA, 500)):
        app.bidding.bid(lot.auction.id, who, amount, app.now())
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
        app.bidding.bid(lot.auction.id, who, amount, app.now())
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
    assert set(kinds[ANNA]) == {"refunded", "lost", "debt_settled"}
    assert kinds[BORIS] == ["lost", "second_chance"]
    assert kinds[CLARA] == ["lost"]
    new = app.second_chance.accept(BORIS, lot.auction.id, app.now())
    assert (new.auction.leader_id, new.auction.price) == (BORIS, xtr(210))
    assert_invariants(dump_of(app.store))


def test_an_offer_after_a_debt_that_nobody_answers_ends_and_the_lot_goes_up_again() -> None:
    app, lot = market()
    app.bidding.bid(lot.auction.id, BORIS, 300, app.now())
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
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
        app.bidding.bid(lot.auction.id, who, amount, app.now())
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
    app.bidding.bid(lot.auction.id, BORIS, 399, app.now())
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
    take_back(app, ANNA)
    close(app, lot.auction.id)
    assert app.store.auction(lot.auction.id).offer is None


def test_who_owes_no_more_than_is_available_wins() -> None:
    """A person owes while `owed` > `available`, as read by the settling (spec, section 2)."""
    for available, ending in ((100, Ending.SOLD), (99, Ending.UNSOLD)):
        app, lot = market()
        app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
        app.store.tables.wallets[ANNA, "XTR"] = factories.wallet(ANNA, available=available, held=500, owed=100)
        app.clock.forward(**OVER)
        assert app.closing.close(lot.auction.id, app.now()).ending is ending


def test_a_debt_that_comes_after_the_settling_reopens_nothing() -> None:
    app, lot = market()
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
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
        app.bidding.bid(lot.auction.id, who, amount, app.now())
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
    notice = next(notice for person, notice, _ in _all_told(app) if (person.id, notice.kind) == (ANNA, "lost"))
    assert notice.facts["owed"]


@SEALED
def test_where_all_who_bid_owe_nothing_is_sold_and_all_is_released(kind: str) -> None:
    app, lot = market(ANNA, BORIS, type=kind)
    for who in (ANNA, BORIS):
        app.bidding.bid(lot.auction.id, who, 500, app.now())
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
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
    app.bidding.bid(lot.auction.id, BORIS, 399, app.now())
    take_back(app, ANNA)
    close(app, lot.auction.id)
    assert app.store.auction(lot.auction.id).ending is Ending.UNSOLD
    assert wallet(app, BORIS) == (10_000, 0, 0)


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


def _all_told(app: FakeApp) -> list:
    app.run_streams()
    return app.messenger.told


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
def test_whoever_looks_at_a_long_lot_of_a_debtor_leaves_it_to_the_closer(
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
    app.people.block(SELLER, app.now())
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
