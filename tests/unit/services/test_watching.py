"""The word to those who watch: once each, at the right time, whatever fires when."""

from datetime import timedelta

import pytest

from tests.support.factories import ANNA, BORIS, CLARA, SELLER, draft, market
from tests.support.fakes import START, Death, FakeApp

from .watched import HOURS_2, alarms, at_the_quarter, listed, told, watched

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


@pytest.mark.parametrize("drained", [True, False])
def test_after_the_end_nothing_is_told(drained: bool) -> None:
    app, lot = watched()
    at_the_quarter(app, lot, minutes=15)
    if drained:
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
    app.publishing.edit(SELLER, lot, draft(app.now(), duration_seconds=HOURS_2 + 60), (), app.now())
    at_the_quarter(app, lot)
    app.scheduler.fire(app)
    assert told(app, "ending_soon") == [ANNA]


def sounds(app: FakeApp, kind: str) -> int:
    """New messages of a kind to ANNA."""
    return app.messenger.kinds_for(ANNA).count(kind)


def drain(app: FakeApp) -> None:
    for _ in range(12):
        app.run_streams()
        app.clock.forward(seconds=5)


def test_an_end_that_is_moved_again_and_again_is_one_message_that_shows_the_last() -> None:
    app, lot = watched()
    for number in range(20):
        changes = draft(app.now(), duration_seconds=960 + number)
        app.publishing.edit(SELLER, lot, changes, (), app.now())
        app.clock.now = max(app.now(), at_the_quarter(app, lot))
        app.watching.remind(lot, app.now())
        app.run_streams()
    drain(app)
    assert sounds(app, "ending_soon") == 1
    *_, last = app.messenger.edited
    assert last[2] is not None
    assert last[2].auction.ends_at == app.store.auction(lot).ends_at
    assert len({message for *_, message in app.messenger.edited}) == 1


def test_a_start_that_is_moved_again_and_again_is_one_message() -> None:
    app, lot = watched(HOURS_2, ANNA, starts_at=(START + timedelta(minutes=1)).isoformat())
    for _ in range(20):
        app.clock.now = app.store.auction(lot).starts_at
        app.watching.tell_start(lot, app.now())
        app.run_streams()
        later = (app.now() + timedelta(seconds=61)).isoformat()
        app.publishing.edit(SELLER, lot, draft(app.now(), starts_at=later), (), app.now())
    drain(app)
    assert sounds(app, "began") == 1


def test_the_reminder_of_a_lot_with_a_bid_makes_a_sound_whatever_was_moved_before_and_only_one() -> None:
    app, lot = watched()
    at_the_quarter(app, lot)
    app.scheduler.fire(app)
    drain(app)
    app.publishing.edit(
        SELLER, lot, draft(app.now(), duration_seconds=HOURS_2 + 1800, extend_seconds=600), (), app.now()
    )
    app.bidding.bid(lot, BORIS, 500, app.now())
    at_the_quarter(app, lot)
    app.scheduler.fire(app)
    drain(app)
    assert sounds(app, "ending_soon") == 2
    app.bidding.bid(lot, CLARA, 900, app.now())
    app.clock.forward(minutes=10)
    app.watching.remind(lot, app.now())
    drain(app)
    assert sounds(app, "ending_soon") == 2


def test_an_end_that_is_moved_to_another_part_of_the_day_is_heard_again() -> None:
    app, lot = watched()
    at_the_quarter(app, lot)
    app.scheduler.fire(app)
    drain(app)
    app.publishing.edit(SELLER, lot, draft(app.now(), duration_seconds=HOURS_2 + 3 * 3600), (), app.now())
    at_the_quarter(app, lot)
    app.scheduler.fire(app)
    drain(app)
    assert sounds(app, "ending_soon") == 2


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
