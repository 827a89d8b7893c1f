"""Quiet hours by the clock on the wall: across midnight, and where the clocks change."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbid.domain.errors import Invalid
from starbid.domain.quiet import DAY_MINUTES, LONGEST_MINUTES, QuietHours, typed_hours
from starbid.zones import zone_called
from tests.support.there import there

NIGHT = QuietHours(22 * 60, 7 * 60)
BERLIN, LORD_HOWE = there(zone_called("Europe/Berlin")), there(zone_called("Australia/Lord_Howe"))


def at(text: str, zone: tzinfo = UTC, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-05-01 21:59:59", None),
        ("2026-05-01 22:00", "2026-05-02 07:00"),
        ("2026-05-02 00:00", "2026-05-02 07:00"),
        ("2026-05-02 06:59:59", "2026-05-02 07:00"),
        ("2026-05-02 07:00", None),
    ],
)
def test_a_night_lasts_from_its_first_minute_to_before_its_last(now: str, end: str | None) -> None:
    assert NIGHT.end_after(at(now, BERLIN), BERLIN) == (at(end, BERLIN) if end else None)


def test_an_afternoon_is_quiet_on_its_own_day_only() -> None:
    nap = QuietHours(13 * 60, 14 * 60 + 30)
    assert nap.end_after(at("2026-05-01 13:00"), UTC) == at("2026-05-01 14:30")
    assert nap.end_after(at("2026-05-01 14:30"), UTC) is None
    assert nap.end_after(at("2026-05-01 02:00"), UTC) is None


def test_a_night_when_the_clocks_go_forward_ends_by_the_clock_and_is_an_hour_shorter() -> None:
    begin, end = at("2026-03-28 22:00", BERLIN), at("2026-03-29 07:00", BERLIN)
    assert end - begin == timedelta(hours=8)
    assert NIGHT.end_after(begin, BERLIN) == end


def test_a_night_when_the_clocks_go_back_ends_by_the_clock_and_is_an_hour_longer() -> None:
    begin, end = at("2026-10-24 22:00", BERLIN), at("2026-10-25 07:00", BERLIN)
    assert end - begin == timedelta(hours=10)
    assert NIGHT.end_after(begin, BERLIN) == end


def test_quiet_that_ends_in_the_doubled_hour_lasts_to_its_second_time_without_a_gap() -> None:
    hours = QuietHours(22 * 60, 2 * 60 + 30)
    end = at("2026-10-25 02:30", BERLIN, fold=1)
    moment = at("2026-10-24 22:00", BERLIN)
    while moment < end:
        assert hours.end_after(moment, BERLIN) == end
        moment += timedelta(minutes=10)
    assert hours.end_after(end, BERLIN) is None


def test_quiet_that_ends_in_the_hour_that_is_left_out_is_over_when_the_clocks_are_past_it() -> None:
    hours = QuietHours(22 * 60, 2 * 60 + 30)
    assert hours.end_after(at("2026-03-28 23:00", BERLIN), BERLIN) == at("2026-03-29 03:30", BERLIN)


def test_a_change_of_half_an_hour_moves_no_end() -> None:
    assert NIGHT.end_after(at("2026-04-04 23:00", LORD_HOWE), LORD_HOWE) == at("2026-04-05 07:00", LORD_HOWE)


@pytest.mark.parametrize(("begins", "ends"), [(0, 0), (600, 600), (-1, 5), (5, -1), (DAY_MINUTES, 5), (5, DAY_MINUTES)])
def test_no_hours_are_made_of_what_is_no_time_or_one_time_twice(begins: int, ends: int) -> None:
    with pytest.raises(Invalid):
        QuietHours(begins, ends)


@pytest.mark.parametrize(("ends", "is_taken"), [(5 * 60, True), (5 * 60 + 1, False), (9 * 60 - 1, False)])
def test_some_of_each_day_is_left_to_be_told_something(ends: int, *, is_taken: bool) -> None:
    with nullcontext() if is_taken else pytest.raises(Invalid):
        QuietHours(9 * 60, ends)


MINUTES = st.integers(0, DAY_MINUTES - 1)


@given(MINUTES, MINUTES, st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)))
def test_the_end_is_ahead_by_less_than_a_day_and_an_hour_and_shows_its_own_time(
    begins: int, ends: int, now: datetime
) -> None:
    if not 0 < (ends - begins) % DAY_MINUTES <= LONGEST_MINUTES:
        return
    hours = QuietHours(begins, ends)
    end = hours.end_after(now, BERLIN)
    if end is None:
        return
    assert now < end <= now + timedelta(hours=25)
    local = end.astimezone(BERLIN)
    assert local.hour * 60 + local.minute == ends or local.date().isoformat() == "2026-03-29"
    assert hours.end_after(end, BERLIN) is None


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("22:00-7:00", (1320, 420)),
        ("22.30 – 7", (1350, 420)),
        ("from 23 to 8", (1380, 480)),
        ("с 0:00 до 9:15", (0, 555)),
        ("22:00 07:00", (1320, 420)),
    ],
)
def test_hours_are_read_as_people_write_them(typed: str, hours: tuple[int, int]) -> None:
    assert typed_hours(typed) == QuietHours(*hours)


@pytest.mark.parametrize(
    "typed", ["", "22", "22:00", "22:00-24:00", "22:60-7", "22-7-8", "8-8", "1e3", "22:00:00-7", "²²-7", "9" * 5000]
)
def test_what_is_no_two_times_of_a_day_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        typed_hours(typed)
