"""Bids that wait when their lot ends: they are decided first, and nothing settles early (spec, section 3, "Close.")."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from starbid.domain.auction import Ending, Status
from starbid.domain.errors import AuctionClosed, Conflict
from starbid.services.ports import Contended, Unavailable
from tests.support.factories import ANNA, BORIS, CLARA, market
from tests.support.fakes import Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of
from tests.support.lines import MS, OTHER, SECOND, decides, pace_of, said, waits

KINDS = pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])


def ending(kind: str = "english", **changes: Any) -> tuple[FakeApp, str, datetime]:
    """App, lot, its end; a bid moves no end."""
    app, made = market(type=kind, **({"extend_seconds": 0} if kind == "english" else {}) | changes)
    return app, made.auction.id, made.auction.ends_at


def ending_of(app: FakeApp, lot: str) -> Ending:
    return app.store.tables.auctions[lot].ending


@KINDS
def test_nothing_settles_before_two_seconds_after_the_end_no_matter_who_comes_by(kind: str) -> None:
    app, lot, end = ending(kind)
    app.bidding.bid(lot, ANNA, 300, app.now())
    mine = waits(app, lot, BORIS, 500, end - MS)
    for at in (end - MS, end, end + 2 * SECOND - MS):
        app.clock.now = at
        app.closing.close(lot, at)
        app.closing.close_if_due(app.store.tables.auctions[lot], at)
        app.closing.sweep(at)
        app.browsing.lot(lot, CLARA, at)
        assert (ending_of(app, lot), said(app, mine)) == (Ending.OPEN, [None])
    app.clock.now = end + 2 * SECOND
    app.closing.close(lot, app.now())
    assert said(app, mine) == [2]
    assert app.store.tables.auctions[lot].leader_id == BORIS
    assert app.store.tables.auctions[lot].is_final
    assert_invariants(dump_of(app.store))


@KINDS
def test_the_closer_decides_what_waits_and_then_settles(kind: str) -> None:
    app, lot, end = ending(kind)
    line = [waits(app, lot, who, 300 + 100 * n, end - (3 - n) * MS) for n, who in enumerate((ANNA, BORIS, CLARA))]
    app.clock.now = end + 2 * SECOND
    app.closing.wake(lot, app.now())
    assert said(app, *line) == [1, 2, 3]
    assert (ending_of(app, lot), app.store.tables.auctions[lot].leader_id) == (Ending.SOLD, CLARA)
    assert_invariants(dump_of(app.store))


def test_the_closer_leaves_a_lot_alone_that_a_waiting_bid_has_made_live_again_and_comes_back() -> None:
    app, lot, end = ending(extend_seconds=120)
    waits(app, lot, ANNA, 300, end - SECOND)
    app.clock.now = end + 2 * SECOND
    app.scheduler.fire(app)
    auction = app.store.tables.auctions[lot]
    assert (auction.status(app.now()), auction.ends_at) == (Status.LIVE, end + 119 * SECOND)
    assert app.bidding.bid(lot, BORIS, 500, app.now()).bid.leads
    app.clock.now = app.store.tables.auctions[lot].due_at
    app.scheduler.fire(app)
    assert app.store.tables.auctions[lot].leader_id == BORIS
    assert ending_of(app, lot) is Ending.SOLD


def test_a_bid_stored_after_the_closer_has_read_the_line_is_told_closed() -> None:
    app, lot, end = ending()
    waits(app, lot, BORIS, 300, end - 2 * MS)
    app.clock.now = end + 2 * SECOND
    late = []
    app.store.meanwhile(lambda: None)  # the decision of what waits
    app.store.meanwhile(lambda: late.append(waits(app, lot, ANNA, 500, end - MS)))
    app.closing.close(lot, app.now())
    decides(app, lot)
    assert said(app, *late) == [AuctionClosed]
    assert app.store.tables.auctions[lot].leader_id == BORIS
    assert_invariants(dump_of(app.store))


def test_a_first_bid_that_comes_to_wait_while_the_closer_settles_is_told_closed() -> None:
    """No line was there when the closer looked."""
    app, lot, end = ending()
    app.clock.now = end + 2 * SECOND
    late = []
    app.store.meanwhile(lambda: late.append(waits(app, lot, ANNA, 500, end - MS)))
    assert app.closing.close(lot, app.now()).ending is Ending.UNSOLD
    decides(app, lot)
    assert said(app, *late) == [AuctionClosed]


def test_a_bid_decided_while_the_closer_settles_makes_it_look_again() -> None:
    app, lot, end = ending()
    app.clock.now = end + 2 * SECOND

    def decided_elsewhere() -> None:
        waits(app, lot, ANNA, 500, end - MS)
        decides(app, lot)

    app.store.meanwhile(decided_elsewhere)
    assert app.closing.close(lot, app.now()).leader_id == ANNA
    assert ending_of(app, lot) is Ending.SOLD
    assert_invariants(dump_of(app.store))


@KINDS
def test_a_visitor_leaves_a_lot_with_a_line_to_the_closer(kind: str) -> None:
    app, lot, end = ending(kind)
    mine = waits(app, lot, ANNA, 300, end - MS)
    app.clock.now = end + 2 * SECOND
    app.scheduler.alarms.clear()
    assert app.browsing.lot(lot, CLARA, app.now()).status is Status.CLOSING
    assert (ending_of(app, lot), said(app, mine)) == (Ending.OPEN, [None])
    assert [alarm.what for alarm in app.scheduler.alarms] == ["close"]
    app.scheduler.fire(app)
    assert said(app, mine) == [1]
    assert ending_of(app, lot) is Ending.SOLD


def test_a_late_bidder_leaves_it_to_the_closer_too_and_is_told_closed_at_once() -> None:
    app, lot, end = ending()
    mine = waits(app, lot, ANNA, 300, end - MS)
    app.clock.now = end + 2 * SECOND
    began = pace_of(app).elapsed()
    with pytest.raises(AuctionClosed):
        app.bidding.bid(lot, BORIS, 900, app.now())
    assert pace_of(app).elapsed() == began
    assert (ending_of(app, lot), said(app, mine)) == (Ending.OPEN, [None])


def test_a_visitor_settles_a_lot_on_which_a_crowd_was_and_nobody_waits() -> None:
    app, lot, end = ending()
    waits(app, lot, ANNA, 300)
    decides(app, lot)
    app.clock.now = end + 2 * SECOND
    app.browsing.lot(lot, CLARA, app.now())
    assert ending_of(app, lot) is Ending.SOLD


def test_a_closer_that_dies_while_it_decides_is_followed_by_another() -> None:
    app, lot, end = ending()
    pace_of(app).moves_clock = True
    line = [waits(app, lot, who, 300 + 100 * n, end - (3 - n) * MS) for n, who in enumerate((ANNA, BORIS))]
    app.clock.now = end + 2 * SECOND
    app.store.fail_next(Death())
    with pytest.raises(Death):
        app.closing.close(lot, app.now())
    app.intents.take_lease(lot, "dead", app.now() + 2 * SECOND, app.now())
    app.closing.close(lot, app.now())
    assert said(app, *line) == [1, 2]
    assert ending_of(app, lot) is Ending.SOLD


def test_a_closer_waits_for_the_combiner_at_work_and_gives_up_where_it_takes_too_long() -> None:
    app, lot, end = ending()
    mine = waits(app, lot, ANNA, 300, end - MS)
    app.clock.now = end + 2 * SECOND
    app.intents.take_lease(lot, OTHER, app.now() + 60 * SECOND, app.now())
    began = pace_of(app).elapsed()
    with pytest.raises(Conflict):
        app.closing.close(lot, app.now())
    assert 10 <= pace_of(app).elapsed() - began < 11
    assert (ending_of(app, lot), said(app, mine)) == (Ending.OPEN, [None])
    pace_of(app).meanwhile.append(lambda: decides(app, lot))
    app.closing.close(lot, app.now())
    assert said(app, mine) == [1]
    assert ending_of(app, lot) is Ending.SOLD


def test_a_store_without_answers_settles_nothing_over_the_heads_of_those_who_wait() -> None:
    app, lot, end = ending()
    mine = waits(app, lot, ANNA, 300, end - MS)
    app.clock.now = end + 2 * SECOND
    app.store.fail_next(Unavailable(), times=10_000)
    with pytest.raises((Conflict, Unavailable)):
        app.closing.close(lot, app.now())
    app.store.heal()
    assert (ending_of(app, lot), said(app, mine)) == (Ending.OPEN, [None])


def test_who_died_after_a_lot_was_settled_is_decided_too_and_told_closed() -> None:
    """Their client asks again by their key, and the line is empty."""
    app, lot, end = ending()
    app.clock.now = end + 2 * SECOND
    app.closing.close(lot, app.now())
    mine = waits(app, lot, ANNA, 300, end - MS)
    app.clock.forward(seconds=11)
    app.closing.drain(lot, app.now())
    assert said(app, mine) == [AuctionClosed]


def test_nobody_looks_after_a_lot_that_is_not_there() -> None:
    app, _, _ = ending()
    app.closing.drain("nothing", app.now())
    assert [alarm.what for alarm in app.scheduler.alarms] == ["close"]


def test_those_who_are_awaited_are_left_to_those_who_wait_for_them() -> None:
    app, lot, _ = ending()
    mine = waits(app, lot, ANNA, 300)
    app.clock.forward(seconds=10)
    app.closing.drain(lot, app.now())
    assert said(app, mine) == [None]
    assert [alarm.what for alarm in app.scheduler.alarms] == ["close", "drain"]
    app.clock.forward(seconds=10)
    app.scheduler.fire(app)
    assert said(app, mine) == [1]


def test_one_look_after_a_crowd_is_enough_however_often_it_comes_and_goes() -> None:
    """Each look asks for the next one, as long as people come."""
    app, lot, _ = ending(start_price=10, bid_step=1)
    for n in range(30):
        app.store.fail_next(Contended())
        app.bidding.bid(lot, (ANNA, BORIS)[n % 2], 20 + 10 * n, app.now())
        app.clock.forward(seconds=2)
        app.scheduler.fire(app)
    assert [alarm.what for alarm in app.scheduler.alarms].count("drain") == 1
    for _ in range(5):
        app.clock.forward(seconds=10)
        app.scheduler.fire(app)
    assert [alarm.what for alarm in app.scheduler.alarms].count("drain") == 0


def test_two_crowds_far_apart_are_both_looked_after() -> None:
    app, lot, _ = ending(start_price=10, bid_step=1, duration_seconds=7200)
    for n in range(2):
        app.store.fail_next(Contended())
        app.bidding.bid(lot, ANNA, 20 + 10 * n, app.now())
        assert [alarm.what for alarm in app.scheduler.alarms].count("drain") == 1
        for _ in range(5):
            app.clock.forward(seconds=10)
            app.scheduler.fire(app)
        assert [alarm.what for alarm in app.scheduler.alarms].count("drain") == 0
