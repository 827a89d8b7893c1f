"""Zones by their names, and moments as people read them. Offsets are those of the IANA rules of 2026, by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from starbid.i18n import language
from starbid.zones import all_names, as_typed, named_by, place, zone_called

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)

HOSTILE = [
    "../../etc/passwd", "/etc/localtime", "Europe/../Europe/Moscow", "Europe/./Moscow", "posix/Europe/Moscow",
    "right/Europe/Moscow", "posixrules", "localtime", "Factory", "tzdata.zi", "zone.tab", "America",
    "America/Argentina", "Europe/Moscow\n", "Europe/Moscow\0", "Europe/Moscow/", "europe/moscow", "Europe/Nowhere",
    "Etc/Unknown", "Москва", "A" * 5_000_000, "Europe/" + "M" * 5_000_000, "Europe/__init__", "None", " ",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_no_zone_is_none_and_times_are_told_in_utc(name: str) -> None:
    assert zone_called(name) is None
    assert language("en").to(name, NOON).moment(NOON) == "today 12:00 UTC"


@pytest.mark.parametrize("name", ["Europe/Moscow", "Asia/Calcutta", "US/Pacific", "Etc/GMT+3", "UTC", "GMT"])
def test_what_browsers_say_is_a_zone_old_names_too(name: str) -> None:
    assert zone_called(name)


def test_every_zone_to_choose_is_one() -> None:
    assert len(all_names()) > 400
    assert all(zone_called(name) for name in all_names())


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Europe/Lisbon", "Europe/Lisbon"),
        (" europe/lisbon ", "Europe/Lisbon"),
        ("LISBON", "Europe/Lisbon"),
        ("new  york", "America/New_York"),
        ("utc", "UTC"),
        ("US/Pacific", "US/Pacific"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("calcutta", None),
        ("Lisbon, Portugal", None),
        ("", None),
        ("x" * 5_000_000, None),
    ],
)
def test_people_write_a_city_or_a_zone_in_capitals_or_not(written: str, name: str | None) -> None:
    assert named_by(written) == name


@pytest.mark.parametrize(
    ("zone", "at", "told"),
    [
        (None, "2026-05-01T18:04Z", "today 18:04 UTC"),
        ("UTC", "2026-05-01T18:04Z", "today 18:04 UTC"),
        ("Europe/Moscow", "2026-05-01T07:18Z", "today 10:18 GMT+3"),
        ("Europe/Moscow", "2026-05-01T21:00Z", "tomorrow 00:00 GMT+3"),
        ("Europe/Moscow", "2026-04-30T20:59Z", "30 Apr 2026, 23:59 GMT+3"),
        ("Asia/Kolkata", "2026-05-01T18:29Z", "today 23:59 GMT+5:30"),
        ("Asia/Kolkata", "2026-05-01T18:30Z", "tomorrow 00:00 GMT+5:30"),
        ("Asia/Kathmandu", "2026-05-01T12:00Z", "today 17:45 GMT+5:45"),
        ("America/St_Johns", "2026-05-01T12:00Z", "today 09:30 GMT-2:30"),
        ("America/St_Johns", "2026-12-01T12:00Z", "1 Dec 2026, 08:30 GMT-3:30"),
        ("America/Los_Angeles", "2026-05-02T06:59Z", "today 23:59 GMT-7"),
        ("America/Los_Angeles", "2026-05-02T07:00Z", "tomorrow 00:00 GMT-7"),
        ("Europe/London", "2026-12-01T12:00Z", "1 Dec 2026, 12:00 GMT"),
        ("Europe/London", "2026-05-03T12:00Z", "3 May 2026, 13:00 GMT+1"),
        ("Europe/Berlin", "2026-10-25T00:30Z", "25 Oct 2026, 02:30 GMT+2"),
        ("Europe/Berlin", "2026-10-25T01:30Z", "25 Oct 2026, 02:30 GMT+1"),
        ("Pacific/Kiritimati", "2026-12-31T10:00Z", "1 Jan 2027, 00:00 GMT+14"),
    ],
)
def test_a_moment_is_told_in_the_readers_zone_which_is_always_said(zone: str | None, at: str, told: str) -> None:
    assert language("en").to(zone, NOON).moment(datetime.fromisoformat(at)) == told


def test_a_day_begins_when_it_does_where_the_reader_is() -> None:
    late = datetime(2026, 5, 2, 3, tzinfo=UTC)
    assert language("en").to("America/Los_Angeles", late).moment(late) == "today 20:00 GMT-7"
    assert language("en").to("Asia/Tokyo", late).moment(NOON) == "1 May 2026, 21:00 GMT+9"


def test_russian_says_the_same() -> None:
    words = language("ru").to("Asia/Kolkata", NOON)
    told = [words.moment(datetime(2026, 5, day, 6, 30, tzinfo=UTC)) for day in (1, 2, 3)]
    assert told == ["сегодня, 12:00 GMT+5:30", "завтра, 12:00 GMT+5:30", "3 мая 2026, 12:00 GMT+5:30"]


def test_what_stays_to_be_read_later_gives_the_past_a_date() -> None:
    words = language("en").to("Europe/Moscow", NOON, lasting=True)
    assert words.moment(NOON) == "1 May 2026, 15:00 GMT+3"
    assert words.moment(datetime(2026, 5, 1, 12, 0, 1, tzinfo=UTC)) == "today 15:00 GMT+3"


def test_a_zone_is_named_with_its_present_offset() -> None:
    zone = zone_called("Europe/Berlin")
    assert zone
    assert place(zone, NOON) == "Europe/Berlin (GMT+2)"
    assert place(zone, datetime(2026, 12, 1, tzinfo=UTC)) == "Europe/Berlin (GMT+1)"
    assert place(UTC, NOON) == "UTC"


def test_the_second_of_two_moments_that_the_clocks_show_alike_is_typed_in_utc() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert as_typed(first, berlin) == ("2026-10-25T02:30", "Europe/Berlin")
    assert as_typed(first + timedelta(hours=1), berlin) == ("2026-10-25T01:30", "UTC")
