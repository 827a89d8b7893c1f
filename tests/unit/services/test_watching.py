"""Watch lists, and the word to those who watch: once each, at the right time, whatever fires when."""

from datetime import datetime, timedelta

import pytest

from starbid.domain.errors import AuctionClosed, NotFound, WatchlistFull
from starbid.services.watching import MOST
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, draft, market, put_up
from tests.support.fakes import START, Alarm, Death, FakeApp

HOURS_2 = 7200
QUARTER = timedelta(minutes=15)


def watched(duration_seconds: int = HOURS_2, *who: int, **changes: object) -> tuple[FakeApp, str]:
    """A lot that ANNA (or `who`) watches."""
    app, lot = market(duration_seconds=duration_seconds, **changes)
    for user_id in who or (ANNA,):
        app.watching.watch(user_id, lot.auction.id, app.now())
    app.run_streams()
    return app, lot.auction.id


def alarms(app: FakeApp, what: str) -> list[Alarm]:
    return [alarm for alarm in app.scheduler.alarms if alarm.what == what]


def told(app: FakeApp, kind: str) -> list[int]:
    """Who is told this from now on until the streams are empty."""
    return [notice.user_id for notice in app.run_streams() if notice.kind == kind]


def listed(app: FakeApp, user_id: int = ANNA) -> list[str]:
    return [view.lot.auction.id for view in app.watching.watched(user_id, app.now()).items]


def at_the_quarter(app: FakeApp, lot: str, **by: float) -> datetime:
    """Go to 15 minutes before the lot's present end, and on by `by`."""
    app.clock.now = app.store.auction(lot, consistent=True).ends_at - QUARTER
    return app.clock.forward(**by)


# --- the list ---------------------------------------------------------------------------------------------------------


def test_watching_twice_is_watching_once() -> None:
    app, lot = watched()
    app.watching.watch(ANNA, lot, app.now())
    assert listed(app) == [lot]
    assert app.watching.watchers(lot, app.now()) == (ANNA,)
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
    for number in range(MOST - 1):
        app.scratch.put_member(f"watching#{ANNA}", f"lot{number}", {"ends_at": 0}, 60, app.now())
    other = put_up(app).auction.id
    with pytest.raises(WatchlistFull) as refusal:
        app.watching.watch(ANNA, other, app.now())
    assert refusal.value.details == {"most": 200}
    assert app.watching.watchers(other, app.now()) == ()
    app.watching.watch(ANNA, lot, app.now())  # it is there already
    app.watching.unwatch(ANNA, "lot1")
    app.watching.watch(ANNA, other, app.now())


@pytest.mark.parametrize("settled", [True, False])
def test_what_is_over_cannot_be_watched_any_more_but_stays_on_the_list(settled: bool) -> None:
    app, lot = watched()
    app.clock.forward(hours=2)
    if settled:
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


# --- 15 minutes before the end ----------------------------------------------------------------------------------------


def test_who_watches_is_told_once_however_often_the_schedule_fires() -> None:
    app, lot = watched(HOURS_2, ANNA, BORIS, SELLER)
    at_the_quarter(app, lot)
    assert app.scheduler.fire(app) == 1
    assert told(app, "ending_soon") == [ANNA, BORIS], "the seller knows"
    for seconds in (0, 20, 300):
        app.clock.forward(seconds=seconds)
        app.watching.remind(lot, app.now())
        assert told(app, "ending_soon") == []


def test_who_leads_is_told_too() -> None:
    app, lot = watched()
    app.bidding.bid(lot, ANNA, 500, app.now())
    app.run_streams()
    at_the_quarter(app, lot)
    app.scheduler.fire(app)
    assert told(app, "ending_soon") == [ANNA]


def test_a_bid_alone_makes_nobody_watch() -> None:
    app, lot = watched()
    app.bidding.bid(lot, BORIS, 500, app.now())
    assert listed(app, BORIS) == []


def test_in_the_last_quarter_of_an_hour_no_reminder_is_made() -> None:
    app, lot = watched(900)
    assert listed(app) == [lot]
    assert alarms(app, "remind") == []


def test_a_schedule_that_fires_too_early_waits_on() -> None:
    app, lot = watched()
    app.scheduler.alarms.clear()
    at_the_quarter(app, lot, seconds=-91)
    app.watching.remind(lot, app.now())
    assert told(app, "ending_soon") == []
    assert [alarm.at for alarm in alarms(app, "remind")] == [app.now() + timedelta(seconds=91)]


def test_a_schedule_that_fires_late_still_tells_as_long_as_the_lot_is_live() -> None:
    app, lot = watched()
    at_the_quarter(app, lot, minutes=14)
    app.scheduler.fire(app)
    assert told(app, "ending_soon") == [ANNA]


@pytest.mark.parametrize("settled", [True, False])
def test_after_the_end_nothing_is_told(settled: bool) -> None:
    app, lot = watched()
    at_the_quarter(app, lot, minutes=15)
    if settled:
        app.closing.close(lot, app.now())
    app.watching.remind(lot, app.now())
    assert told(app, "ending_soon") == []


def test_of_a_cancelled_lot_or_one_that_is_gone_nothing_is_told() -> None:
    app, lot = watched()
    app.publishing.cancel(SELLER, lot, app.now())
    at_the_quarter(app, lot)
    app.scheduler.fire(app)
    app.watching.remind("nothing", app.now())
    app.watching.tell_start("nothing", app.now())
    assert told(app, "ending_soon") == []


def test_an_extension_before_the_reminder_moves_it_and_one_after_it_repeats_nothing() -> None:
    app, lot = watched(extend_seconds=3600)
    app.clock.forward(minutes=90)
    app.bidding.bid(lot, BORIS, 500, app.now())  # ends in an hour now, not in half of one
    app.run_streams()
    app.clock.forward(minutes=15)
    app.scheduler.fire(app)
    assert told(app, "ending_soon") == []
    app.clock.forward(minutes=30)
    app.scheduler.fire(app)
    assert told(app, "ending_soon") == [ANNA]
    app.bidding.bid(lot, ANNA, 900, app.now())
    app.clock.forward(minutes=45)
    app.scheduler.fire(app)
    app.watching.remind(lot, app.now())
    assert told(app, "ending_soon") == []


@pytest.mark.parametrize(("before", "after"), [(HOURS_2, 3600), (3600, HOURS_2)])
def test_an_end_that_its_seller_moves_is_told_at_its_new_time(before: int, after: int) -> None:
    app, lot = watched(before)
    app.publishing.edit(SELLER, lot, draft(app.now(), duration_seconds=after), (), app.now())
    app.clock.forward(seconds=after - 900)
    app.scheduler.fire(app)
    assert told(app, "ending_soon") == [ANNA]


def test_a_lot_that_is_moved_after_its_reminder_is_told_again_before_its_new_end() -> None:
    app, lot = watched()
    at_the_quarter(app, lot)
    app.scheduler.fire(app)
    assert told(app, "ending_soon") == [ANNA]
    app.publishing.edit(SELLER, lot, draft(app.now(), duration_seconds=HOURS_2), (), app.now())
    at_the_quarter(app, lot)
    app.scheduler.fire(app)
    assert told(app, "ending_soon") == [ANNA]


def test_an_edit_of_a_lot_that_nobody_watches_makes_no_schedule() -> None:
    app, lot = market()
    app.publishing.edit(SELLER, lot.auction.id, draft(app.now(), duration_seconds=HOURS_2), (), app.now())
    assert alarms(app, "remind") == []


@pytest.mark.parametrize("after", [False, True])
def test_a_death_at_the_event_tells_once(after: bool) -> None:
    app, lot = watched()
    at_the_quarter(app, lot)
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        app.watching.remind(lot, app.now())
    app.watching.remind(lot, app.now())
    assert told(app, "ending_soon") == [ANNA]
    assert [person.id for person, notice, _ in app.messenger.told if notice.kind == "ending_soon"] == [ANNA]


def test_a_reminder_that_cannot_be_scheduled_is_no_mark_on_the_list() -> None:
    app, lot = market(duration_seconds=HOURS_2)
    app.scheduler.fail_next(Death())
    with pytest.raises(Death):
        app.watching.watch(ANNA, lot.auction.id, app.now())
    assert listed(app) == []
    app.watching.watch(ANNA, lot.auction.id, app.now())
    assert listed(app) == [lot.auction.id]


# --- a start of its own -----------------------------------------------------------------------------------------------


def scheduled(duration_seconds: int = HOURS_2) -> tuple[FakeApp, str]:
    """A lot that begins in a day, and that ANNA watches."""
    return watched(duration_seconds, ANNA, starts_at=(START + timedelta(days=1)).isoformat())


def test_who_watches_a_scheduled_lot_is_told_when_it_begins_and_before_it_ends() -> None:
    app, lot = scheduled()
    app.clock.forward(days=1)
    app.scheduler.fire(app)
    app.watching.tell_start(lot, app.now())
    assert told(app, "began") == [ANNA]
    at_the_quarter(app, lot)
    app.scheduler.fire(app)
    assert told(app, "ending_soon") == [ANNA]


def test_of_a_lot_of_a_quarter_of_an_hour_the_start_tells_enough() -> None:
    app, _ = scheduled(900)
    app.clock.forward(days=1)
    app.scheduler.fire(app)
    assert told(app, "began") == [ANNA]
    assert alarms(app, "remind") == []


def test_a_start_that_its_seller_moves_is_told_at_its_new_time() -> None:
    app, lot = scheduled()
    later = START + timedelta(days=2)
    app.publishing.edit(SELLER, lot, draft(app.now(), starts_at=later.isoformat()), (), app.now())
    app.clock.forward(days=1)
    app.scheduler.fire(app)
    assert told(app, "began") == []
    app.clock.forward(days=1)
    app.scheduler.fire(app)
    assert told(app, "began") == [ANNA]


def test_a_start_long_ago_is_no_news_and_neither_is_that_of_a_lot_that_is_over() -> None:
    app, lot = scheduled(1800)
    app.clock.forward(days=1, minutes=16)
    app.watching.tell_start(lot, app.now())
    app.clock.forward(hours=1)
    app.watching.tell_start(lot, app.now())
    assert told(app, "began") == []


def test_who_takes_a_lot_off_the_list_hears_nothing_of_it() -> None:
    app, lot = watched(HOURS_2, ANNA, CLARA)
    at_the_quarter(app, lot)
    app.scheduler.fire(app)
    app.watching.unwatch(CLARA, lot)
    assert told(app, "ending_soon") == [ANNA]
