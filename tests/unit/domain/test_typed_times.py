"""Moments as people type them: every form of them, in their own zone, and what is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from starbid.domain.errors import Invalid
from starbid.domain.typed_times import typed_moment

NOW = datetime(2026, 12, 1, 15, 0, 30, tzinfo=UTC)
MOSCOW = ZoneInfo("Europe/Moscow")


def typed(text: str, zone: str = "Europe/Moscow", now: datetime = NOW) -> str:
    """The moment by the clock of the zone."""
    return f"{typed_moment('duration_seconds', text, now, ZoneInfo(zone)).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def fault(text: str, zone: str = "Europe/Moscow", now: datetime = NOW) -> str:
    with pytest.raises(Invalid) as told:
        typed(text, zone, now)
    return told.value.reason


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("today 21:00", "2026-12-01 21:00"),
        ("Сегодня в 21:00", "2026-12-01 21:00"),
        ("tomorrow at 9:30", "2026-12-02 09:30"),
        ("завтра 9.30", "2026-12-02 09:30"),
        ("21:00", "2026-12-01 21:00"),
        ("9:00", "2026-12-02 09:00"),
        ("today 9 pm", "2026-12-01 21:00"),
        ("tomorrow 12:15am", "2026-12-02 00:15"),
        ("5.12 18:30", "2026-12-05 18:30"),
        ("05.12.2026 18:30", "2026-12-05 18:30"),
        ("5.12.26, 18:30", "2026-12-05 18:30"),
        ("5/12 18:30", "2026-12-05 18:30"),
        ("1.1 10:00", "2027-01-01 10:00"),
        ("2026-12-05 18:30", "2026-12-05 18:30"),
        ("5 декабря 18:30", "2026-12-05 18:30"),
        ("5 Dec 18:30", "2026-12-05 18:30"),
        ("5 december 2026 18:30", "2026-12-05 18:30"),
        ("  Today   21:00 ", "2026-12-01 21:00"),
        ("today ٢١:٠٠", "2026-12-01 21:00"),
    ],
)
def test_a_moment_is_read_as_it_is_written(text: str, meant: str) -> None:
    assert typed(text) == meant


@pytest.mark.parametrize(
    ("text", "later"),
    [
        ("in 3 h", timedelta(hours=3)), ("in 3h", timedelta(hours=3)), ("через 3 часа", timedelta(hours=3)),
        ("через час", timedelta(hours=1)), ("in an hour", timedelta(hours=1)), ("3 days", timedelta(days=3)),
        ("через неделю", timedelta(weeks=1)), ("in 90 minutes", timedelta(minutes=90)), ("5 мин", timedelta(minutes=5)),
    ],
)  # fmt: skip
def test_a_length_counts_from_now(text: str, later: timedelta) -> None:
    assert typed_moment("x", text, NOW, MOSCOW) == NOW + later


@pytest.mark.parametrize(
    "text",
    ["", "soon", "21", "25:00", "21:60", "31.02 10:00", "5.13 10:00", "in 0 h", "in -3 h", "1e3", "13 pm",
     "today 21:00 or so", "9" * 60, "in 3 lightyears", "2026-12-05T18:30Z", "🕘", "через 99999 часов",
     "0000-01-01 10:00"],
)  # fmt: skip
def test_what_is_no_moment_is_not_guessed(text: str) -> None:
    assert fault(text) == "end"


@pytest.mark.parametrize("text", ["5.12", "05.12", "21.10", "5/12", "24.12", "05.12.2026", "5 декабря", "5 Dec",
                                  "2026-12-05", "tomorrow", "сегодня"])  # fmt: skip
def test_a_day_alone_is_no_time_of_it_and_the_time_is_asked_for(text: str) -> None:
    assert fault(text) == "day_alone"


@pytest.mark.parametrize(
    ("text", "meant"),
    [("21.30", "2026-12-01 21:30"), ("0.05", "2026-12-02 00:05"), ("в 5.12", "2026-12-02 05:12"),
     ("5.12 pm", "2026-12-02 17:12"), ("today 21.10", "2026-12-01 21:10"), ("5:12", "2026-12-02 05:12")],
)  # fmt: skip
def test_a_time_with_a_dot_that_can_be_no_day_is_a_time(text: str, meant: str) -> None:
    assert typed(text) == meant


def test_a_zone_with_half_hours_is_as_good_as_any() -> None:
    moment = typed_moment("x", "today 21:00", NOW, ZoneInfo("Asia/Kolkata"))
    assert moment == datetime(2026, 12, 1, 15, 30, tzinfo=UTC)


def test_a_time_that_the_clocks_leave_out_is_refused_and_one_that_comes_twice_is_the_first() -> None:
    before = datetime(2027, 3, 27, 12, tzinfo=UTC)
    assert fault("28.03 02:30", "Europe/Berlin", before) == "skipped"
    assert typed("28.03 03:00", "Europe/Berlin", before) == "2027-03-28 03:00"
    before = datetime(2026, 10, 24, 12, tzinfo=UTC)
    twice = typed_moment("x", "25.10 02:30", before, ZoneInfo("Europe/Berlin"))
    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_today_is_the_day_of_the_person() -> None:
    late = datetime(2026, 12, 1, 22, 0, tzinfo=UTC)
    assert typed("today 3:00", now=late) == "2026-12-02 03:00"


def test_what_lies_before_the_calendar_or_behind_it_is_no_moment() -> None:
    assert fault("0001-01-01 00:00", "Asia/Tokyo") == "end"
