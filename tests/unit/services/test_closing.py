"""Closing exactly once, however often and however late anybody asks."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from starbid.domain.auction import Auction, Ending, Status
from starbid.domain.errors import Conflict
from starbid.services.ports import Contended
from tests.support.factories import ANNA, BORIS, market, put_up, xtr
from tests.support.fakes import START, Alarm, Death
from tests.support.invariants import assert_invariants, dump_of


def sold_events(store: object) -> list[str]:
    return [event for event in store.tables.events if event.startswith(("sold", "unsold"))]  # type: ignore[attr-defined]


def test_ten_closers_at_once_close_once() -> None:
    app, lot = market()
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
    app.clock.forward(hours=1, seconds=2)

    def close(_: int) -> Auction:
        return app.closing.close(lot.auction.id, app.now())

    with ThreadPoolExecutor(10) as closers:
        endings = {auction.ending for auction in closers.map(close, range(10))}

    assert endings == {Ending.SOLD}
    assert sold_events(app.store) == [f"sold:{lot.auction.id}"]
    wallet = app.store.wallet(ANNA, "XTR", consistent=True)
    assert (wallet.available, wallet.held) == (xtr(9_900), xtr(0))
    assert_invariants(dump_of(app.store))


def test_closing_before_the_end_does_nothing() -> None:
    app, lot = market()
    app.clock.forward(minutes=59, seconds=61.999)
    assert app.closing.close(lot.auction.id, app.now()).ending is Ending.OPEN


def test_a_closed_lot_stays_as_it_is() -> None:
    app, lot = market()
    app.clock.forward(hours=1, seconds=2)
    first = app.closing.close(lot.auction.id, app.now())
    app.clock.forward(hours=1, seconds=2)
    assert app.closing.close(lot.auction.id, app.now()) == first


@pytest.mark.parametrize(("left", "at"), [(3600, 3540), (899, 839), (898, 900), (60, 62)])
def test_a_long_wait_is_a_schedule_a_minute_early_and_a_short_one_a_message(left: int, at: int) -> None:
    app, _ = market()
    app.scheduler.alarms.clear()
    lot = put_up(app, duration_seconds=left)
    assert app.scheduler.alarms == [Alarm("close", lot.auction.id, START + timedelta(seconds=at))]


def test_a_message_is_never_early_by_a_fraction_of_a_second() -> None:
    app, lot = market(duration_seconds=60)
    app.scheduler.alarms.clear()
    app.clock.forward(seconds=0.5)
    app.closing.watch(lot.auction, app.now())
    assert app.scheduler.alarms[0].at >= lot.auction.ends_at


def test_woken_early_it_waits_on_to_the_second() -> None:
    app, lot = market()
    app.clock.forward(minutes=59)
    assert app.scheduler.fire(app) == 1
    assert app.scheduler.alarms == [Alarm("close", lot.auction.id, lot.auction.ends_at + timedelta(seconds=2))]
    app.clock.forward(minutes=1, seconds=2)
    app.scheduler.fire(app)
    assert app.store.tables.auctions[lot.auction.id].ending is Ending.UNSOLD


def test_woken_at_an_end_that_moved_it_waits_for_the_new_one() -> None:
    app, lot = market(duration_seconds=600)
    app.clock.forward(seconds=599)
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
    app.clock.forward(seconds=3)
    app.scheduler.fire(app)
    assert app.store.tables.auctions[lot.auction.id].ending is Ending.OPEN
    app.clock.forward(seconds=119)
    app.scheduler.fire(app)
    assert app.store.tables.auctions[lot.auction.id].ending is Ending.SOLD


def test_woken_for_a_lot_that_is_not_there_or_over_it_goes_to_sleep() -> None:
    app, lot = market()
    app.closing.wake("nothing", app.now())
    app.publishing.cancel(100, lot.auction.id, app.now())
    app.scheduler.alarms.clear()
    app.closing.wake(lot.auction.id, app.now())
    assert app.scheduler.alarms == []


def test_the_sweep_closes_what_was_missed() -> None:
    app, lot = market()
    other = put_up(app, duration_seconds=7200)
    app.scheduler.alarms.clear()
    app.clock.forward(hours=1, seconds=2)
    assert app.closing.sweep(app.now()) == 1
    endings = {i: app.store.tables.auctions[i].ending for i in (lot.auction.id, other.auction.id)}
    assert endings == {lot.auction.id: Ending.UNSOLD, other.auction.id: Ending.OPEN}
    assert app.closing.sweep(app.now()) == 0


def test_one_lot_that_cannot_be_closed_does_not_stop_the_others_of_the_sweep() -> None:
    app, first = market()
    second = put_up(app, duration_seconds=3601)
    app.clock.forward(hours=2)
    app.store.fail_next(Contended(), times=4)
    with pytest.raises(ExceptionGroup) as failures:
        app.closing.sweep(app.now())
    assert failures.group_contains(Conflict)
    assert app.store.tables.auctions[first.auction.id].ending is Ending.OPEN
    assert app.store.tables.auctions[second.auction.id].ending is Ending.UNSOLD


def test_looking_at_a_lot_that_is_due_closes_it() -> None:
    app, lot = market()
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
    app.clock.forward(hours=1, seconds=1)
    assert app.browsing.lot(lot.auction.id, BORIS, app.now()).status is Status.CLOSING
    assert app.store.auction(lot.auction.id).ending is Ending.OPEN
    app.clock.forward(seconds=1)
    view = app.browsing.lot(lot.auction.id, BORIS, app.now())
    assert (view.status, view.price) == (Status.SOLD, xtr(100))


def test_looking_at_it_is_no_error_where_settling_meets_a_conflict() -> None:
    app, lot = market()
    app.clock.forward(hours=1)
    app.store.fail_next(Contended(), times=4)
    assert app.browsing.lot(lot.auction.id, BORIS, app.now()).status is Status.CLOSING


def test_a_bid_that_came_in_time_and_commits_first_is_counted() -> None:
    app, lot = market()
    app.clock.forward(minutes=59, seconds=59)
    in_time = app.now()
    app.clock.forward(seconds=3)
    app.store.meanwhile(lambda: app.bidding.bid(lot.auction.id, ANNA, 500, in_time))
    auction = app.closing.close(lot.auction.id, app.now())
    assert (auction.ending, auction.leader_id) == (Ending.OPEN, ANNA)
    app.clock.forward(minutes=3, seconds=2)
    assert app.closing.close(lot.auction.id, app.now()).ending is Ending.SOLD


@pytest.mark.parametrize("after", [False, True])
def test_a_closer_that_died_is_made_good_by_the_sweep(after: bool) -> None:
    app, lot = market()
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
    app.clock.forward(hours=1, seconds=2)
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        app.closing.wake(lot.auction.id, app.now())
    assert_invariants(dump_of(app.store))
    app.closing.sweep(app.now())
    app.clock.forward(days=14)
    app.dealing.sweep(app.now())
    assert app.store.deal(lot.auction.id).state == "refunded"
    assert_invariants(dump_of(app.store))


def test_a_closer_that_died_before_its_call_of_the_scheduler_is_made_good_by_the_sweep_of_deals() -> None:
    app, lot = market()
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
    app.clock.forward(hours=1, seconds=2)
    app.scheduler.fail_next(Death())
    with pytest.raises(Death):
        app.closing.wake(lot.auction.id, app.now())
    assert not [alarm for alarm in app.scheduler.alarms if alarm.what == "deal"]
    app.clock.forward(days=14)
    assert app.dealing.sweep(app.now()) == 1
    assert app.store.wallet(ANNA, "XTR", consistent=True).available == xtr(10_000)


def test_a_publisher_that_died_before_its_call_of_the_scheduler_is_made_good_by_the_sweep() -> None:
    app, _ = market()
    app.scheduler.alarms.clear()
    app.scheduler.fail_next(Death())
    with pytest.raises(Death):
        put_up(app, title="Never announced")
    assert app.scheduler.alarms == []
    app.clock.forward(hours=1, seconds=2)
    assert app.closing.sweep(app.now()) == 2
