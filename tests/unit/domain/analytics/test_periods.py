"""Days and hours of zones as quarters of an hour."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from starbid.domain.analytics.periods import Period, day_span, period_of
from starbid.domain.analytics.quarters import quarter_of, start_of
from starbid.domain.errors import Invalid

NOW = datetime(2026, 11, 30, 19, 7, tzinfo=UTC)
BERLIN, KATHMANDU, HOWE = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("Australia/Lord_Howe")


@pytest.mark.parametrize(
    ("day", "zone", "quarters"),
    [
        (date(2026, 3, 29), BERLIN, 92),
        (date(2026, 10, 25), BERLIN, 100),
        (date(2026, 10, 26), BERLIN, 96),
        (date(2026, 10, 4), HOWE, 94),
        (date(2026, 4, 5), HOWE, 98),
        (date(2026, 11, 30), KATHMANDU, 96),
    ],
)
def test_a_day_is_as_long_as_it_is_in_its_zone(day: date, zone: ZoneInfo, quarters: int) -> None:
    span = day_span(day, zone)
    assert span.end - span.start == quarters
    assert span.at.date() == day


def test_days_follow_each_other_without_a_gap() -> None:
    spans = Period(date(2026, 3, 20), date(2026, 4, 10), BERLIN).spans()
    assert [span.end for span in spans[:-1]] == [span.start for span in spans[1:]]


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 1, 1), 24)])
def test_a_day_has_as_many_hours_as_its_clocks_show(day: date, hours: int) -> None:
    spans = Period(day, day, BERLIN).hours()
    assert len(spans) == hours
    assert spans[0].start == day_span(day, BERLIN).start
    assert spans[-1].end == day_span(day, BERLIN).end


def test_a_zone_of_three_quarters_begins_its_days_at_a_quarter() -> None:
    assert f"{start_of(day_span(date(2026, 11, 30), KATHMANDU).start):%H:%M}" == "18:15"


def test_a_period_that_is_not_over_is_compared_up_to_the_same_time_of_day() -> None:
    period = period_of("7", "", "", UTC, NOW)
    begin, end = period.compared(NOW)
    assert (start_of(begin), start_of(end)) == (
        datetime(2026, 11, 17, tzinfo=UTC),
        datetime(2026, 11, 23, 19, 15, tzinfo=UTC),
    )
    assert start_of(period.reached(NOW)) == datetime(2026, 11, 30, 19, 15, tzinfo=UTC)


def test_a_period_that_is_over_is_compared_with_the_whole_of_the_one_before() -> None:
    period = period_of("", "2026-11-01", "2026-11-10", UTC, NOW)
    assert start_of(period.compared(NOW)[1]) == datetime(2026, 11, 1, tzinfo=UTC)


def test_today_is_that_of_the_operator() -> None:
    late = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert period_of("today", "", "", BERLIN, late).first == date(2026, 12, 1)
    assert period_of("today", "", "", UTC, late).first == date(2026, 11, 30)


def test_yesterday_is_a_whole_day_and_compared_with_the_one_before() -> None:
    period = period_of("yesterday", "", "", UTC, NOW)
    assert (period.first, period.last) == (date(2026, 11, 29), date(2026, 11, 29))
    begin, end = period.compared(NOW)
    assert (start_of(begin), start_of(end)) == (datetime(2026, 11, 28, tzinfo=UTC), datetime(2026, 11, 29, tzinfo=UTC))


@pytest.mark.parametrize(
    ("preset", "first", "last"),
    [
        ("9", "", ""),
        ("", "2026-13-01", "2026-11-02"),
        ("", "=1+1", "2026-11-02"),
        ("", "2026-11-05", "2026-11-02"),
        ("", "2026-11-05", "2026-12-01"),
        ("", "2025-01-05", "2025-02-01"),
        ("", "2025-10-01", "2026-11-30"),
        ("", "0001-01-01", "2026-11-30"),
        ("", "9999-12-31", "9999-12-31"),
    ],
)
def test_what_is_no_period_is_refused(preset: str, first: str, last: str) -> None:
    with pytest.raises(Invalid):
        period_of(preset, first, last, UTC, NOW)


def test_quarters_begin_at_whole_quarters_of_an_hour() -> None:
    assert start_of(quarter_of(NOW)) == datetime(2026, 11, 30, 19, tzinfo=UTC)
    assert quarter_of(NOW + timedelta(minutes=8)) == quarter_of(NOW) + 1
