"""Old reads, others in between, and many at once: nobody is refused wrongly, and the money adds up."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from starbid.domain.errors import (
    AuctionClosed,
    BidTooLow,
    Blocked,
    Conflict,
    HasBids,
    InsufficientFunds,
    StarbidError,
)
from starbid.domain.lots import Lot
from starbid.services.ports import Contended
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, draft, join, market, pay, put_up, xtr
from tests.support.fakes import Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of


def place(app: FakeApp, lot: Lot, bidder: int, amount: int) -> object:
    return app.bidding.bid(lot.auction.id, bidder, amount, app.now(), confirmed=True)


def leader(app: FakeApp, lot: Lot) -> tuple[int | None, int]:
    auction = app.store.tables.auctions[lot.auction.id]
    return auction.leader_id, auction.price.amount


# --- reads that are behind --------------------------------------------------------------------------------------------


def test_a_lot_that_an_old_read_does_not_know_yet_can_be_bid_on() -> None:
    app, _ = market()
    app.store.lag = True
    lot = put_up(app)
    place(app, lot, ANNA, 500)
    assert leader(app, lot) == (ANNA, 100)


def test_money_that_an_old_read_does_not_show_yet_counts() -> None:
    app, lot = market(stars=100)
    app.store.lag = True
    pay(app, ANNA, 900)
    place(app, lot, ANNA, 1_000)
    assert leader(app, lot) == (ANNA, 100)


def test_money_that_an_old_read_still_shows_does_not_count() -> None:
    app, lot = market(stars=1_000)
    other = put_up(app)
    app.store.lag = True
    place(app, other, ANNA, 900)
    with pytest.raises(InsufficientFunds) as refusal:
        place(app, lot, ANNA, 500)
    assert refusal.value.available == xtr(100)


def test_a_person_unblocked_a_moment_ago_bids() -> None:
    app, lot = market()
    app.store.block(ANNA)
    app.store.lag = True
    app.store.block(ANNA, blocked=False)
    place(app, lot, ANNA, 500)
    assert leader(app, lot) == (ANNA, 100)


def test_a_person_blocked_a_moment_ago_does_not() -> None:
    app, lot = market()
    app.store.lag = True
    app.store.block(ANNA)
    with pytest.raises(Blocked):
        place(app, lot, ANNA, 500)


def test_an_end_that_moved_a_moment_ago_is_believed() -> None:
    app, lot = market()
    place(app, lot, ANNA, 500)
    app.clock.forward(minutes=59, seconds=30)
    app.store.lag = True
    place(app, lot, BORIS, 900)
    app.clock.forward(seconds=60)
    place(app, lot, ANNA, 2_000)
    assert leader(app, lot)[0] == ANNA


def test_who_lost_the_lead_a_moment_ago_may_bid_less_than_their_old_maximum_would_ask() -> None:
    app, lot = market(bid_step=1)
    place(app, lot, ANNA, 500)
    app.store.lag = True
    place(app, lot, BORIS, 600)
    with pytest.raises(BidTooLow) as refusal:
        place(app, lot, ANNA, 501)
    assert refusal.value.next_min == xtr(502)
    place(app, lot, ANNA, 502)


def test_who_took_the_lead_a_moment_ago_raises_their_own_bid() -> None:
    app, lot = market()
    app.store.lag = True
    place(app, lot, ANNA, 500)
    place(app, lot, ANNA, 600)
    assert app.store.wallet(ANNA, "XTR", consistent=True).held == xtr(600)
    assert_invariants(dump_of(app.store))


def test_a_start_price_lowered_a_moment_ago_is_believed() -> None:
    app, lot = market(start_price=1_000)
    app.store.lag = True
    app.publishing.edit(SELLER, lot.auction.id, draft(app.now(), start_price=100), (), app.now())
    place(app, lot, ANNA, 100)
    assert leader(app, lot) == (ANNA, 100)


def test_a_start_moved_here_a_moment_ago_is_believed() -> None:
    app, _ = market()
    lot = put_up(app, starts_at="2026-05-02T12:00")
    app.store.lag = True
    app.publishing.edit(SELLER, lot.auction.id, draft(app.now()), (), app.now())
    place(app, lot, ANNA, 100)
    assert leader(app, lot) == (ANNA, 100)


def test_an_end_moved_by_the_seller_a_moment_ago_is_believed_without_a_soft_close_too() -> None:
    app, lot = market(extend_seconds=0, duration_seconds=60)
    app.store.lag = True
    app.publishing.edit(
        SELLER, lot.auction.id, draft(app.now(), extend_seconds=0, duration_seconds=3600), (), app.now()
    )
    app.clock.forward(seconds=61)
    place(app, lot, ANNA, 100)
    assert leader(app, lot) == (ANNA, 100)


def test_with_a_bid_and_no_soft_close_an_old_read_is_enough_to_say_closed() -> None:
    app, lot = market(extend_seconds=0)
    place(app, lot, ANNA, 500)
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot.auction.id, app.now())
    app.store.trips.clear()
    with pytest.raises(AuctionClosed):
        place(app, lot, BORIS, 900)
    assert app.store.trips == ["auction+wallet+line"]


# --- others in between ------------------------------------------------------------------------------------------------


def test_a_bid_that_found_another_faster_is_decided_on_what_that_one_left_and_in_its_turn() -> None:
    app, lot = market(bid_step=10)
    app.store.meanwhile(lambda: place(app, lot, BORIS, 300))
    app.store.trips.clear()
    place(app, lot, ANNA, 500)

    assert leader(app, lot) == (ANNA, 310)
    assert app.store.trips[:3] == ["auction+wallet+line", "commit", "auction+wallet+line"]
    assert app.store.trips.count("commit") == 3
    assert app.store.tables.intents == {}
    assert_invariants(dump_of(app.store))


def test_a_bid_that_became_too_low_meanwhile_is_refused_with_the_new_least_bid() -> None:
    app, lot = market(bid_step=10)
    app.store.meanwhile(lambda: (place(app, lot, BORIS, 300), place(app, lot, CLARA, 400)))
    with pytest.raises(BidTooLow) as refusal:
        place(app, lot, ANNA, 150)
    assert refusal.value.next_min == xtr(320)


def test_money_spent_meanwhile_is_missed_in_the_transaction() -> None:
    app, lot = market(stars=1_000)
    other = put_up(app)
    app.store.meanwhile(lambda: place(app, other, ANNA, 900))
    with pytest.raises(InsufficientFunds):
        place(app, lot, ANNA, 500)
    assert leader(app, lot) == (None, 100)
    assert_invariants(dump_of(app.store))


def test_a_bid_that_the_closer_overtook_is_closed() -> None:
    app, lot = market()
    at = app.clock.forward(minutes=59, seconds=59)

    def close() -> None:
        app.closing.close(lot.auction.id, app.clock.forward(seconds=3))

    app.store.meanwhile(close)
    with pytest.raises(AuctionClosed):
        app.bidding.bid(lot.auction.id, ANNA, 500, at, confirmed=True)


def test_a_bid_that_the_sellers_cancel_overtook_is_closed() -> None:
    app, lot = market()
    app.store.meanwhile(lambda: app.publishing.cancel(SELLER, lot.auction.id, app.now()))
    with pytest.raises(AuctionClosed):
        place(app, lot, ANNA, 500)


def test_a_cancel_that_a_bid_overtook_is_refused() -> None:
    app, lot = market()
    app.store.meanwhile(lambda: place(app, lot, ANNA, 500))
    with pytest.raises(HasBids):
        app.publishing.cancel(SELLER, lot.auction.id, app.now())


def test_an_edit_that_a_bid_overtook_is_refused() -> None:
    app, lot = market()
    app.store.meanwhile(lambda: place(app, lot, ANNA, 500))
    with pytest.raises(HasBids):
        app.publishing.edit(SELLER, lot.auction.id, draft(app.now(), title="Another"), (), app.now())
    assert app.store.tables.cards[lot.auction.id].title == "A lamp"


def test_a_bid_that_an_edit_overtook_is_decided_on_the_new_terms() -> None:
    app, lot = market()
    dearer = draft(app.now(), start_price=1_000)
    app.store.meanwhile(lambda: app.publishing.edit(SELLER, lot.auction.id, dearer, (), app.now()))
    with pytest.raises(BidTooLow) as refusal:
        place(app, lot, ANNA, 500)
    assert refusal.value.next_min == xtr(1_000)


# --- deaths and crowds ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [False, True])
def test_a_bid_whose_process_died_may_be_sent_again(after: bool) -> None:
    app, lot = market()
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        place(app, lot, ANNA, 500)
    assert_invariants(dump_of(app.store))
    if after:
        with pytest.raises(BidTooLow):
            place(app, lot, ANNA, 500)
    else:
        place(app, lot, ANNA, 500)
    assert app.store.wallet(ANNA, "XTR", consistent=True).held == xtr(500)
    assert_invariants(dump_of(app.store))


def test_a_crowd_on_one_lot_leaves_one_leader_and_books_that_add_up() -> None:
    people = range(1, 17)
    app, lot = market(*people)

    def try_bid(who: int) -> str:
        try:
            place(app, lot, who, 1_000 + who)
        except (BidTooLow, Conflict) as refusal:
            return refusal.code
        return "accepted"

    with ThreadPoolExecutor(16) as crowd:
        outcomes = list(crowd.map(try_bid, people))

    auction = app.store.tables.auctions[lot.auction.id]
    assert auction.bids_count == outcomes.count("accepted") >= 1
    assert_invariants(dump_of(app.store))


def test_one_purse_on_many_lots_is_never_overdrawn() -> None:
    app, first = market(stars=1_000)
    lots = [first, *(put_up(app) for _ in range(9))]

    def try_bid(lot: Lot) -> bool:
        try:
            place(app, lot, ANNA, 300)
        except (InsufficientFunds, Conflict):
            return False
        return True

    with ThreadPoolExecutor(10) as crowd:
        assert sum(crowd.map(try_bid, lots)) == 3
    assert_invariants(dump_of(app.store))


def test_contention_never_costs_money() -> None:
    app, lot = market()
    join(app, 50, stars=1_000)
    for amount in (100, 200, 300):
        app.store.fail_next(Contended(), times=2)
        place(app, lot, ANNA if amount % 200 else 50, amount)
        assert_invariants(dump_of(app.store))


def test_every_refusal_is_a_named_one() -> None:
    app, lot = market()
    for bidder, amount in ((SELLER, 1), (ANNA, 1), (ANNA, 10**9), (404, 500)):
        with pytest.raises(StarbidError) as refusal:
            place(app, lot, bidder, amount)
        assert refusal.value.code in ("own_auction", "bid_too_low", "insufficient_funds")
