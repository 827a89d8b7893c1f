"""Time: what falls due fires in order, at its time, and again where it failed."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from local.clock import Clock, from_ms, to_ms
from local.expressions import ExpressionError, at_ms, next_ms
from local.schedules import RecurringSchedules, ScheduleExists, ScheduleMissing
from local.state import State
from local.template import Template
from tests.unit.local.world import START, World

MINUTE = 60_000


def test_time_is_real_time_until_it_is_moved_and_goes_on_from_there() -> None:
    real = 1_000_000
    state = State(None)
    clock = Clock(state, lambda: real)
    assert clock.now_ms() == 1_000_000
    clock.stop_at(1_500_000)
    real += 10_000
    assert clock.now_ms() == 1_500_000
    clock.resume()
    assert clock.now_ms() == 1_500_000
    real += 1
    assert clock.now_ms() == 1_500_001


def test_the_clock_never_goes_back_and_remembers_how_far_it_was_moved() -> None:
    state = State(None)
    clock = Clock(state, lambda: 1_000_000)
    clock.stop_at(999)
    assert clock.now_ms() == 1_000_000
    clock.stop_at(2_000_000)
    assert Clock(state, lambda: 1_000_100).now_ms() == 2_000_100


def test_the_clock_tells_aware_utc_in_whole_milliseconds() -> None:
    now = Clock(State(None), lambda: 1_234).now()
    assert now.isoformat() == "1970-01-01T00:00:01.234000+00:00"


def test_who_asks_for_the_time_within_a_transaction_and_who_moves_it_do_not_wait_for_each_other() -> None:
    state, told = State(None), list[int]()
    clock = Clock(state, lambda: 1_000)
    mover = threading.Thread(target=lambda: clock.stop_at(5_000), daemon=True)
    reader = threading.Thread(target=lambda: told.append(clock.now_ms()), daemon=True)
    with state.transaction():
        mover.start()
        mover.join(0.2)  # as far as it comes: it has to write
        assert mover.is_alive()
        reader.start()
        reader.join(10)
        assert told == [5_000]
    mover.join(10)
    assert Clock(state, lambda: 1_000).now_ms() == 5_000


def test_schedules_fire_at_their_own_times_in_order(world: World) -> None:
    world.schedule("late", "12:03:00", '{"n": 3}')
    world.schedule("soon", "12:00:30", '{"n": 1}')
    world.schedule("middle", "12:01:15", '{"n": 2}')
    world.timeline.advance(3600)
    assert world.called("JobFunction") == [(30, {"n": 1}), (75, {"n": 2}), (180, {"n": 3})]
    assert world.seconds() == 3600


def test_a_schedule_beyond_the_advance_waits(world: World) -> None:
    world.schedule("later", "12:01:00")
    world.timeline.advance(59.999)
    assert world.called("JobFunction") == []
    world.timeline.advance(0.001)
    assert len(world.called("JobFunction")) == 1


def test_a_schedule_of_the_past_fires_at_once(world: World) -> None:
    world.schedule("past", "11:00:00")
    world.timeline.advance(0)
    assert world.called("JobFunction") == [(0, {})]


def test_a_recurring_schedule_with_an_end_fires_until_then_and_is_gone(world: World) -> None:
    end = to_ms(START) / 1000 + 150
    world.schedule("often", "", ScheduleExpression="rate(1 minute)", EndDate=end)
    world.timeline.advance(600)
    assert [at for at, _ in world.called("JobFunction")] == [60, 120]
    assert world.schedules.names("group") == []


def test_a_recurring_schedule_that_is_deleted_fires_no_more(world: World) -> None:
    world.answers["JobFunction"] = lambda _event: world.schedules.delete("group", "often")
    world.schedule("often", "", ScheduleExpression="rate(1 minute)")
    world.timeline.advance(600)
    assert len(world.called("JobFunction")) == 1


def test_what_a_firing_schedules_within_the_advance_fires_too(world: World) -> None:
    world.answers["JobFunction"] = lambda event: (
        world.schedule("second", "12:02:00", '{"n": 2}') if event == {"n": 1} else None
    )
    world.schedule("first", "12:01:00", '{"n": 1}')
    world.timeline.advance(600)
    assert world.called("JobFunction") == [(60, {"n": 1}), (120, {"n": 2})]


def test_a_firing_may_make_a_schedule_of_its_own_name_again(world: World) -> None:
    again = iter(["12:02:00", None])

    def schedule_again(_event: object) -> None:
        if at := next(again):
            world.schedule("same", at)

    world.answers["JobFunction"] = schedule_again
    world.schedule("same", "12:01:00")
    world.timeline.advance(600)
    assert [at for at, _ in world.called("JobFunction")] == [60, 120]


def test_a_delayed_message_arrives_to_the_second_between_schedules(world: World) -> None:
    queue = "starbid-local-JobQueue"
    world.answers["JobFunction"] = lambda event: world.queues.send(queue, "wake", 45) and None if event == {} else None
    world.schedule("first", "12:01:00")
    world.schedule("last", "12:02:00")
    world.timeline.advance(130)
    assert [at for at, _ in world.called("JobFunction")] == [60, 105, 120]


def test_a_failing_schedule_is_tried_again_after_one_and_after_two_minutes_and_then_kept(world: World) -> None:
    def fail(_event: Any) -> Any:
        raise RuntimeError("no")

    world.answers["JobFunction"] = fail
    world.schedule("fails", "12:01:00", '{"n": 1}')
    world.timeline.advance(600)
    assert [at for at, _ in world.called("JobFunction")] == [60, 120, 240]
    (kept,) = world.failed.iterdir()
    assert '"n": 1' in kept.read_text()
    world.timeline.advance(3600)
    assert len(world.called("JobFunction")) == 3


def test_a_schedule_that_fails_once_is_done_when_it_succeeds(world: World) -> None:
    outcomes = iter([RuntimeError("once"), None])

    def sometimes(_event: Any) -> Any:
        outcome = next(outcomes)
        if outcome:
            raise outcome

    world.answers["JobFunction"] = sometimes
    world.schedule("fails", "12:01:00")
    world.timeline.advance(600)
    assert [at for at, _ in world.called("JobFunction")] == [60, 120]
    assert not world.failed.exists()


def test_within_an_hour_every_recurring_firing_happens(world: World) -> None:
    world.timeline.advance(3600)
    times = [at for at, _ in world.called("SweepFunction")]
    assert times == [*(60.0 * n for n in range(1, 61)), 3600.0]
    assert world.called("SweepFunction")[0][1] == {"sweep": True}


def test_an_advance_ends_with_a_sweep_as_what_is_scheduled_knows_whole_seconds_only(world: World) -> None:
    world.timeline.advance(0.9)
    assert world.called("SweepFunction") == [(0.9, {"sweep": True})]
    world.timeline.advance(59.1)
    assert [at for at, _ in world.called("SweepFunction")] == [0.9, 60.0, 60.0]


def test_beyond_an_hour_recurring_schedules_fire_once_a_stop_and_once_at_the_end(world: World) -> None:
    world.schedule("one", "12:01:30")
    world.schedule("two", "13:00:00")
    world.timeline.advance(30 * 86400)
    assert [at for at, _ in world.called("SweepFunction")] == [90, 3600, 30 * 86400]


def test_advancing_counts_what_fired(world: World) -> None:
    world.schedule("one", "12:00:30")
    assert world.timeline.advance(60) == 3  # and the sweep of that minute and of the end


def test_something_that_falls_due_for_ever_does_not_stop_the_clock(world: World) -> None:
    numbers = iter(range(10_000))
    world.answers["JobFunction"] = lambda _event: world.schedule(f"n{next(numbers)}", "12:00:10")
    world.schedule("start", "12:00:10")
    world.timeline.advance(60)
    assert world.seconds() == 60


def test_schedules_fire_by_themselves_when_their_time_comes(world: World) -> None:
    done = threading.Event()
    world.answers["JobFunction"] = lambda _event: done.set()
    world.timeline.start()
    world.schedule("past", "11:00:00")
    assert done.wait(5)
    world.timeline.stop(5)


def test_a_name_is_taken_until_its_schedule_is_gone(world: World) -> None:
    world.schedule("close-a", "12:01:00", ClientToken="one")
    world.schedule("close-a", "12:01:00", ClientToken="one")  # the same call again
    with pytest.raises(ScheduleExists):
        world.schedule("close-a", "12:02:00", ClientToken="two")
    world.schedules.delete("group", "close-a")
    with pytest.raises(ScheduleMissing):
        world.schedules.delete("group", "close-a")
    world.schedule("close-a", "12:02:00", ClientToken="two")


def test_a_completed_schedule_stays_unless_it_asked_to_be_deleted(world: World) -> None:
    world.schedule("kept", "12:01:00", ActionAfterCompletion="NONE")
    world.schedule("gone", "12:01:00")
    world.timeline.advance(600)
    assert world.schedules.names() == [("group", "kept")]
    assert len(world.called("JobFunction")) == 2


def test_recurring_schedules_fire_once_after_a_long_sleep_and_keep_their_place_over_restarts(world: World) -> None:
    world.real_ms += 10 * MINUTE
    assert world.recurring.fire(world.clock.now_ms()) == 1
    again = RecurringSchedules(world.state, world.clock, world.functions, world.template.schedules)
    assert again.next_due() == world.real_ms + MINUTE


@pytest.mark.parametrize(
    ("expression", "zone", "after", "expected"),
    [
        ("rate(10 minutes)", "UTC", "2030-01-01T00:00:00", "2030-01-01T00:10:00"),
        ("rate(1 day)", "UTC", "2030-01-01T00:00:00", "2030-01-02T00:00:00"),
        ("cron(30 3 * * ? *)", "UTC", "2030-01-01T03:30:00", "2030-01-02T03:30:00"),
        ("cron(0/15 * * * ? *)", "UTC", "2030-01-01T03:31:00", "2030-01-01T03:45:00"),
        ("cron(0 9 ? * MON-FRI *)", "UTC", "2030-01-04T10:00:00", "2030-01-07T09:00:00"),
        ("cron(0 0 1 JAN,JUL ? *)", "UTC", "2030-01-01T00:00:00", "2030-07-01T00:00:00"),
        ("cron(0 3 * * ? *)", "Europe/Moscow", "2030-01-01T00:00:00", "2030-01-02T00:00:00"),
    ],
)
def test_recurring_expressions_are_understood(expression: str, zone: str, after: str, expected: str) -> None:
    assert next_ms(expression, zone, at_ms(f"at({after})")) == at_ms(f"at({expected})")


@pytest.mark.parametrize(
    "expression",
    ["at(tomorrow)", "at(2030-13-01T00:00:00)", "at(2030-01-01T00:00:00Z)", "rate(1 minute)", ""],
)
def test_a_malformed_moment_is_refused(expression: str) -> None:
    with pytest.raises(ExpressionError):
        at_ms(expression)


@pytest.mark.parametrize(
    "expression", ["rate(0 minutes)", "rate(1 week)", "cron(* * *)", "cron(61 * * * ? *)", "cron(x * * * ? *)"]
)
def test_a_malformed_recurrence_is_refused(expression: str) -> None:
    with pytest.raises(ExpressionError):
        next_ms(expression, "UTC", 0)


def test_a_moment_is_read_in_its_time_zone() -> None:
    assert from_ms(at_ms("at(2030-07-01T12:00:00)", "Europe/Berlin")).hour == 10
    with pytest.raises(ExpressionError):
        at_ms("at(2030-07-01T12:00:00)", "Nowhere/Land")


def test_advances_at_the_same_time_come_one_after_the_other(world: World) -> None:
    world.schedule("one", "12:01:30")
    threads = [threading.Thread(target=world.timeline.advance, args=(60,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert world.seconds() == 180
    assert [at for at, _ in world.called("JobFunction")] == [90]


def test_messages_schedules_and_calls_are_there_after_a_sudden_end(template: Template, tmp_path: Path) -> None:
    before = World(template, tmp_path, State(tmp_path / "local.sqlite3"))
    before.answers["JobFunction"] = lambda _event: 1 // 0
    before.schedule("failed", "12:00:10", '{"n": 1}')
    before.schedule("waits", "12:05:00", '{"n": 2}')
    before.timeline.advance(15)
    before.queues.send("starbid-local-JobQueue", "delayed", 100)

    after = World(template, tmp_path, State(tmp_path / "local.sqlite3"))
    assert after.seconds() == 15
    after.timeline.advance(600)
    called = [(at, event.get("n")) for at, event in after.called("JobFunction")]
    assert called == [(70, 1), (115, None), (300, 2)]
