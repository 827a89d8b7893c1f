"""Watch lists: what is on them, in which order, how much, and for how long."""

from datetime import timedelta

import pytest

from starbid.domain.errors import AuctionClosed, NotFound, WatchlistFull
from starbid.services.watching import MOST
from tests.support.factories import ANNA, BORIS, market, put_up
from tests.support.fake_watches import fill_list
from tests.support.fakes import START, Alarm

from .watched import HOURS_2, QUARTER, alarms, at_the_quarter, listed, told, watched


def test_watching_twice_is_watching_once() -> None:
    app, lot = watched()
    app.watching.watch(ANNA, lot, app.now())
    assert listed(app) == [lot]
    assert app.watches.watchers(lot, "", 9) == ((ANNA,), None)
    assert alarms(app, "remind") == [Alarm("remind", lot, START + timedelta(hours=2) - QUARTER)]


def test_unwatching_takes_the_lot_off_and_twice_is_no_more() -> None:
    app, lot = watched(HOURS_2, ANNA, BORIS)
    for _ in range(2):
        app.watching.unwatch(ANNA, lot)
    assert (listed(app), listed(app, BORIS)) == ([], [lot])
    assert not app.watching.is_watching(ANNA, lot, app.now())
    at_the_quarter(app, lot)
    app.scheduler.fire(app)
    assert told(app, "ending_soon") == [BORIS]


def test_a_stranger_neither_watches_nor_changes_who_does() -> None:
    app, lot = watched()
    app.watching.unwatch(BORIS, lot)
    assert not app.watching.is_watching(BORIS, lot, app.now())
    assert listed(app, BORIS) == []
    assert listed(app) == [lot]


def test_the_list_takes_so_many_lots_and_no_more() -> None:
    app, lot = watched()
    fill_list(app.watches, ANNA, MOST - 1, app.now())
    other = put_up(app).auction.id
    with pytest.raises(WatchlistFull) as refusal:
        app.watching.watch(ANNA, other, app.now())
    assert refusal.value.details == {"most": 200}
    assert app.watches.watchers(other, "", 9) == ((), None)
    app.watching.watch(ANNA, lot, app.now())  # it is there already
    app.watching.unwatch(ANNA, "x1")
    app.watching.watch(ANNA, other, app.now())


@pytest.mark.parametrize("drained", [True, False])
def test_what_is_over_cannot_be_watched_any_more_but_stays_on_the_list(drained: bool) -> None:
    app, lot = watched()
    app.clock.forward(hours=2, seconds=2)
    if drained:
        app.closing.close(lot, app.now())
    with pytest.raises(AuctionClosed):
        app.watching.watch(BORIS, lot, app.now())
    assert listed(app) == [lot]


def test_what_does_not_exist_cannot_be_watched() -> None:
    app, _ = market()
    with pytest.raises(NotFound):
        app.watching.watch(ANNA, "nothing", app.now())


def test_the_list_forgets_a_lot_in_its_own_time_and_never_before_the_lot_can_end() -> None:
    app, lot = watched()
    app.clock.forward(days=61)
    assert listed(app) == [lot]
    app.clock.forward(days=60)
    assert listed(app) == []


def test_the_list_has_what_ends_next_first_and_what_is_over_last() -> None:
    app, _ = market()
    lots = {hours: put_up(app, duration_seconds=hours * 3600).auction.id for hours in (3, 1, 5, 2)}
    for lot in lots.values():
        app.watching.watch(ANNA, lot, app.now())
    app.clock.forward(hours=2, minutes=30)
    assert listed(app) == [lots[hours] for hours in (3, 5, 2, 1)]
    first = app.watching.watched(ANNA, app.now(), 0, 3)
    rest = app.watching.watched(ANNA, app.now(), int(first.cursor or 0), 3)
    assert [view.lot.auction.id for view in (*first.items, *rest.items)] == listed(app)
    assert rest.cursor is None
