"""What must not shake a crowd: the dead, the repeated, the poor, the late, and too many at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from starbid.domain.auction import Ending
from starbid.domain.errors import AuctionClosed, BidTooLow, InsufficientFunds, OwnAuction
from starbid.services.auctions.combining import SHIFT_SECONDS
from starbid.services.ports import Contended, Refusal
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, join, market, pay, put_up
from tests.support.fakes import Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of
from tests.support.lines import (
    MS,
    OTHER,
    SECOND,
    balance,
    crowd_on,
    decides,
    led_by_another,
    pace_of,
    said,
    standing,
    the_lot,
    undecided,
    waits,
)

# --- who dies ---------------------------------------------------------------------------------------------------------


def test_a_bid_whose_function_died_is_decided_with_the_next_one_and_before_it() -> None:
    app, lot = the_lot(bid_step=10)
    crowd_on(app, lot)
    app.intents.fail_next(Death(), after=True)
    with pytest.raises(Death):
        app.bidding.bid(lot, ANNA, 500, app.now())
    assert standing(app, lot)[2] == 0
    app.clock.forward(milliseconds=30)
    assert not app.bidding.bid(lot, BORIS, 300, app.now()).bid.leads
    assert standing(app, lot) == (ANNA, 310, 2)
    assert_invariants(dump_of(app.store))


def test_a_bid_whose_function_died_is_decided_within_20_seconds_though_nobody_else_comes() -> None:
    app, lot = the_lot()
    app.store.fail_next(Contended())
    app.intents.meanwhile(lambda: None)  # the lease
    app.intents.meanwhile(lambda: app.intents.fail_next(Death(), after=True))
    with pytest.raises(Death):
        app.bidding.bid(lot, ANNA, 500, app.now())
    assert len(app.store.tables.intents) == 1
    for _ in range(2):
        app.clock.forward(seconds=10)
        app.scheduler.fire(app)
    assert standing(app, lot) == (ANNA, 100, 1)
    assert_invariants(dump_of(app.store))


def test_nobody_looks_after_a_lot_for_ever() -> None:
    app, lot = the_lot()
    app.store.fail_next(Contended())
    app.bidding.bid(lot, ANNA, 500, app.now())
    for _ in range(4):
        app.clock.forward(seconds=10)
        app.scheduler.fire(app)
    assert [alarm for alarm in app.scheduler.alarms if alarm.what == "drain"] == []


# --- who cannot pay for all of it -------------------------------------------------------------------------------------


def three_lots() -> tuple[FakeApp, list[str]]:
    """Of the third the bids are sealed; ANNA has money for one."""
    app, first = market(BORIS, CLARA)
    join(app, ANNA, stars=500)
    return app, [first.auction.id, put_up(app).auction.id, put_up(app, type="sealed").auction.id]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_money_for_one_of_three_bids_sent_at_once_pays_for_the_one_decided_first(order: tuple[int, ...]) -> None:
    app, lots = three_lots()
    others = [waits(app, lot, BORIS, 110) for lot in lots]
    mine = [waits(app, lot, ANNA, 400) for lot in lots]
    for number in order:
        decides(app, lots[number])
    assert said(app, *(mine[number] for number in order))[1:] == [InsufficientFunds, InsufficientFunds]
    assert not undecided(app, [*mine, *others])
    assert balance(app, ANNA) == (100, 400)
    assert_invariants(dump_of(app.store))


def test_three_crowds_that_read_the_same_money_spend_it_once() -> None:
    """Each has read the wallet before any of them writes."""
    app, lots = three_lots()
    others = [waits(app, lot, BORIS, 110) for lot in lots]
    mine = [waits(app, lot, ANNA, 400) for lot in lots]
    app.store.meanwhile(lambda: decides(app, lots[1]))
    app.store.meanwhile(lambda: decides(app, lots[2]))
    decides(app, lots[0])
    assert sorted(map(str, said(app, *mine))).count(str(InsufficientFunds)) == 2
    assert not undecided(app, [*mine, *others])
    assert balance(app, ANNA) == (100, 400)
    assert_invariants(dump_of(app.store))


def test_a_wallet_that_another_crowd_is_writing_costs_its_owner_the_round_and_nobody_else() -> None:
    """Two combiners meet on it, each time they try: neither crowd stands still."""
    app, lots = three_lots()
    mine = waits(app, lots[0], ANNA, 400)
    others = [waits(app, lots[0], who, 100 + 10 * who, app.now() + who * MS) for who in (BORIS, CLARA)]
    app.store.fail_next(Contended(refusals=(Refusal("wallet", str(ANNA)),)))
    trips = app.store.trips = []
    began = pace_of(app).elapsed()
    decides(app, lots[0])
    assert said(app, *others, mine) == [1, 2, 3]
    assert trips.count("commit") == 3
    assert pace_of(app).elapsed() - began < 0.3


def test_the_wallet_of_a_leader_that_is_being_written_elsewhere_holds_the_crowd_up_for_moments_only() -> None:
    """A hold has to go back to somebody who does not wait here: nobody can be left out."""
    app, lots = three_lots()
    app.bidding.bid(lots[0], ANNA, 400, app.now())
    others = [waits(app, lots[0], who, 500 + 100 * who) for who in (BORIS, CLARA)]
    app.store.fail_next(Contended(refusals=(Refusal("wallet", str(ANNA)),)), times=3)
    decides(app, lots[0])
    assert said(app, *others) == [2, 3]
    assert balance(app, ANNA) == (500, 0)


def test_a_wallet_in_two_crowds_is_decided_in_both_within_moments() -> None:
    """The decisions of the two lots are interleaved at every commit."""
    app, lots = three_lots()
    mine, others = [], []
    for n in range(6):
        for lot in lots:
            mine.append(waits(app, lot, ANNA, 110 + 10 * n, app.now() + 2 * n * MS))
            others.append(waits(app, lot, BORIS, 115 + 10 * n, app.now() + (2 * n + 1) * MS))
    for turn in range(12):
        app.store.meanwhile(lambda lot=lots[turn % 2]: app.combining.work(lot, OTHER))  # type: ignore[misc]
    began = pace_of(app).elapsed()
    for lot in lots:
        decides(app, lot)
    assert not undecided(app, [*mine, *others])
    assert pace_of(app).elapsed() - began < 1
    assert_invariants(dump_of(app.store))


# --- who comes at the end ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])
def test_of_bids_a_millisecond_before_and_after_the_end_the_first_counts_though_decided_a_second_later(
    kind: str,
) -> None:
    app, lot = the_lot(type=kind, extend_seconds=0 if kind == "english" else None)
    end = app.store.tables.auctions[lot].ends_at
    before, after = waits(app, lot, ANNA, 500, end - MS), waits(app, lot, BORIS, 900, end)
    app.clock.now = end + SECOND
    decides(app, lot)
    assert said(app, before, after) == [1, AuctionClosed]
    app.clock.now = end + 2 * SECOND
    assert app.closing.close(lot, app.now()).leader_id == ANNA
    assert_invariants(dump_of(app.store))


def test_who_comes_a_millisecond_before_the_end_waits_beyond_it_and_is_accepted() -> None:
    app, lot = the_lot(extend_seconds=0)
    end = app.clock.now = app.store.tables.auctions[lot].ends_at - MS
    led_by_another(app, lot)

    def a_second_later() -> None:
        app.clock.forward(seconds=1)
        decides(app, lot)

    pace_of(app).meanwhile.append(a_second_later)
    assert app.bidding.bid(lot, ANNA, 500, end).bid.placed_at == end
    assert standing(app, lot) == (ANNA, 100, 1)


# --- who may not ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["english", "sealed"])
def test_a_seller_in_the_crowd_on_their_own_lot_is_refused_and_in_nobodys_way(kind: str) -> None:
    app, lot = the_lot(type=kind)
    pay(app, SELLER, 5_000)
    line = [waits(app, lot, who, 150 + 50 * n, app.now() + n * MS) for n, who in enumerate((ANNA, SELLER, BORIS))]
    decides(app, lot)
    assert said(app, *line) == [1, OwnAuction, 2]
    assert balance(app, SELLER) == (5_000, 0)
    led_by_another(app, lot)
    with pytest.raises(OwnAuction):
        app.bidding.bid(lot, SELLER, 900, app.now())
    assert_invariants(dump_of(app.store))


# --- too many ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["english", "sealed"])
def test_2000_bids_at_once_are_decided_in_their_order_before_the_lot_is_settled(kind: str) -> None:
    people = tuple(range(1, 41))
    app, made = market(*people, stars=100_000, type=kind, start_price=10, **steps(kind))
    lot, end = made.auction.id, made.auction.ends_at
    arrivals = [end - timedelta(milliseconds=1 + n * 7 % 2_000) for n in range(2_000)]
    line = [waits(app, lot, people[n % 40], 10 + n * 31 % 4_000, at) for n, at in enumerate(arrivals)]
    app.clock.now = end + 2 * SECOND
    app.closing.wake(lot, app.now())
    assert not undecided(app, line)
    by_arrival = sorted(line, key=lambda intent: intent.order)
    numbers = [number for number in said(app, *by_arrival) if isinstance(number, int)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert set(said(app, *line)) - set(numbers) == {BidTooLow}
    assert app.store.tables.auctions[lot].ending is Ending.SOLD
    assert app.store.tables.auctions[lot].bids_count == len(numbers)
    assert not any(wallet.held for wallet in app.store.tables.wallets.values())
    assert_invariants(dump_of(app.store))


def steps(kind: str) -> dict[str, int]:
    return {"bid_step": 1, "extend_seconds": 0} if kind == "english" else {}


def test_a_combiner_of_2000_bids_does_its_shift_and_leaves_the_rest_to_others() -> None:
    """Its own bidder waits for an answer."""
    app, lot = the_lot(start_price=10, bid_step=1)
    pace = pace_of(app)
    line = [waits(app, lot, ANNA, 1, app.now() + n * MS) for n in range(2_000)]
    real_commit: Callable[..., None] = app.store.commit

    def slow_commit(unit: object) -> None:
        pace.sleep(0.04)
        real_commit(unit)

    app.store.commit = slow_commit  # type: ignore[method-assign]
    app.intents.take_lease(lot, OTHER, app.now() + SECOND, app.now())
    began = pace.elapsed()
    decides(app, lot)
    assert SHIFT_SECONDS <= pace.elapsed() - began < SHIFT_SECONDS + 0.1
    assert 0 < len(undecided(app, line)) < 2_000 - 400
    assert app.intents.take_lease(lot, "next", app.now() + SECOND, app.now()), "the lease is given back"
