"""The end of a sealed lot: decided in one transaction, its many holds released in chunks, each exactly once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from starbid.domain.auction import Ending, Status
from starbid.domain.errors import Conflict, HasBids, NotClosed
from starbid.services.auctions import closing
from starbid.services.ports import Contended
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, SELLER, xtr
from tests.support.fakes import Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of

from .sealed import busy, ended_well, kinds

pytestmark = pytest.mark.usefixtures("small_chunks")


@kinds
def test_the_first_step_holds_the_sale_and_nothing_is_told_before_the_last(kind: str) -> None:
    app, lot = busy(kind)
    app.clock.forward(hours=1, seconds=2)
    price = 950 if kind == "sealed" else 800
    seen: list[Any] = []

    def watch() -> None:
        auction, deal = app.store.tables.auctions[lot], app.store.tables.deals.get(lot)
        events = [event for event in app.store.tables.events if lot in event and "published" not in event]
        seen.append((auction.ending, auction.released_from, deal and deal.price, f"sale:{lot}" in books(app), events))
        assert_invariants(dump_of(app.store))

    for _ in range(5):
        app.store.meanwhile(watch)
    app.closing.wake(lot, app.now())
    decided: tuple[Any, ...] = (xtr(price), True, [])
    assert seen == [
        (Ending.OPEN, None, None, False, []),
        (Ending.CLOSING, 12, *decided),
        (Ending.CLOSING, 9, *decided),
        (Ending.CLOSING, 6, *decided),
        (Ending.CLOSING, 3, *decided),
    ]
    ended_well(app, lot, Ending.SOLD, {5: price})


def books(app: FakeApp) -> dict[str, Any]:
    return app.store.tables.transfers


@kinds
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("commit", range(5))
def test_a_closer_that_dies_at_any_transaction_is_made_good_by_the_sweep(kind: str, commit: int, after: bool) -> None:
    app, lot = busy(kind)
    app.clock.forward(hours=1, seconds=2)
    for _ in range(commit):
        app.store.meanwhile(lambda: None)
    app.store.meanwhile(lambda: app.store.fail_next(Death(), after=after))
    with pytest.raises(Death):
        app.closing.wake(lot, app.now())
    app.store.heal()
    assert_invariants(dump_of(app.store))
    is_over = commit == 4 and after
    assert app.store.tables.auctions[lot].is_final == is_over
    assert app.closing.sweep(app.now()) == (0 if is_over else 1)
    ended_well(app, lot, Ending.SOLD, {5: 950 if kind == "sealed" else 800})


def test_it_shows_as_closing_until_the_last_hold_is_back() -> None:
    app, lot = busy()
    app.clock.forward(hours=1, seconds=2)
    app.store.fail_next(Contended(), times=4)
    view = app.browsing.lot(lot, ANNA, app.now())
    assert (view.status, view.price, view.leader, view.your_maximum) == (Status.CLOSING, xtr(100), None, xtr(150))
    app.store.meanwhile(lambda: None)
    app.store.meanwhile(lambda: app.store.fail_next(Death()))
    with pytest.raises(Death):
        app.closing.wake(lot, app.now())
    app.store.heal()
    view = app.browsing.lot(lot, ANNA, app.now())
    assert (view.status, view.price, view.leader, view.reserve_met) == (Status.CLOSING, xtr(100), None, None)
    assert app.browsing.bids(view.lot.auction, 50).items == ()
    with pytest.raises(NotClosed):
        app.browsing.log(lot, app.now())
    app.closing.sweep(app.now())
    view = app.browsing.lot(lot, ANNA, app.now())
    assert (view.status, view.price) == (Status.SOLD, xtr(950))


def test_who_looks_decides_the_lot_and_leaves_a_long_release_to_the_closer() -> None:
    app, lot = busy()
    app.clock.forward(hours=1, seconds=2)
    app.scheduler.alarms.clear()
    first = app.browsing.lot(lot, ANNA, app.now()).lot.auction
    assert first.ending is Ending.CLOSING
    assert [(alarm.what, alarm.auction_id) for alarm in app.scheduler.due()] == [("close", lot)]
    assert app.browsing.lot(lot, BORIS, app.now()).lot.auction == first
    app.closing.wake(lot, app.now())
    ended_well(app, lot, Ending.SOLD, {5: 950})


def test_ten_closers_at_once_release_every_hold_once() -> None:
    app, lot = busy()
    app.clock.forward(hours=1, seconds=2)

    def close(_: int) -> None:
        with suppress(Conflict):
            app.closing.close(lot, app.now())

    with ThreadPoolExecutor(10) as closers:
        list(closers.map(close, range(10)))
    app.closing.sweep(app.now())
    ended_well(app, lot, Ending.SOLD, {5: 950})


def test_a_second_closer_between_two_chunks_does_not_release_twice() -> None:
    app, lot = busy()
    app.clock.forward(hours=1, seconds=2)
    app.store.meanwhile(lambda: None)
    app.store.meanwhile(lambda: app.closing.close(lot, app.now()))
    app.closing.close(lot, app.now())
    ended_well(app, lot, Ending.SOLD, {5: 950})


def test_more_chunks_than_one_run_takes_go_on_by_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "CHUNKS_AT_ONCE", 2)
    app, lot = busy()
    app.clock.forward(hours=1, seconds=2)
    app.scheduler.alarms.clear()
    app.closing.close(lot, app.now())
    assert app.store.tables.auctions[lot].ending is Ending.CLOSING
    assert [(alarm.what, alarm.auction_id) for alarm in app.scheduler.due()] == [("close", lot)]
    app.closing.wake(lot, app.now())
    ended_well(app, lot, Ending.SOLD, {5: 950})


@kinds
def test_below_the_reserve_everybody_has_everything_back(kind: str) -> None:
    app, lot = busy(kind, reserve_price=951)
    app.clock.forward(hours=1, seconds=2)
    app.closing.wake(lot, app.now())
    ended_well(app, lot, Ending.UNSOLD, {})
    assert lot not in app.store.tables.deals


@kinds
@pytest.mark.parametrize("dies_at", [None, 0, 1, 2, 4])
def test_an_admin_cancels_a_sealed_lot_with_bids_and_every_hold_is_released(kind: str, dies_at: int | None) -> None:
    app, lot = busy(kind)
    if dies_at is not None:
        for _ in range(dies_at):
            app.store.meanwhile(lambda: None)
        app.store.meanwhile(lambda: app.store.fail_next(Death(), after=True))
        with pytest.raises(Death):
            app.publishing.cancel(900, lot, app.now(), decision=deciding("stolen", app.now()))
        app.store.heal()
        assert_invariants(dump_of(app.store))
        app.closing.sweep(app.now())
    else:
        closed = app.publishing.cancel(900, lot, app.now(), decision=deciding("stolen", app.now()))
        assert closed.auction.ending is Ending.CANCELLED
    ended_well(app, lot, Ending.CANCELLED, {})
    assert app.store.tables.auctions[lot].cancel_reason == "stolen"


def test_the_seller_cancels_no_sealed_lot_with_bids() -> None:
    app, lot = busy()
    with pytest.raises(HasBids):
        app.publishing.cancel(SELLER, lot, app.now())
    assert_invariants(dump_of(app.store))


@kinds
def test_a_cancelled_lot_opens_no_amount(kind: str) -> None:
    app, lot = busy(kind)
    app.publishing.cancel(900, lot, app.now(), decision=deciding("stolen", app.now()))
    log = app.browsing.log(lot, app.now())
    assert (log["openings"], log["result"]) == (
        [],
        {"status": "cancelled", "price": None, "winner": None, "left_out": []},
    )


def test_the_log_of_a_vickrey_lot_keeps_the_winners_bid_and_opens_what_set_the_price() -> None:
    app, lot = busy("vickrey")
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot, app.now())
    log = app.browsing.log(lot, app.now())
    assert {opening["amount"] for opening in log["openings"]} == {150, 200, 300, 400, 600, 700, 800}


def test_one_who_was_blocked_meanwhile_still_gets_the_hold_back() -> None:
    app, lot = busy()
    app.store.block(ANNA)
    app.store.block(5)
    app.clock.forward(hours=1, seconds=2)
    app.closing.wake(lot, app.now())
    ended_well(app, lot, Ending.SOLD, {5: 950})
