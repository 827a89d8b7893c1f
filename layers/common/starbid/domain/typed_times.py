"""Moments as people type them in the chat, in English and in Russian, in their own zone.

    21:00 · today 21:00 · завтра 9:30 · 5.12 18:30 · 05.12.2026 18:30 · 2026-12-05 18:30 · 5 декабря 18:30
    in 3 h · через 3 часа · in 2 days · через неделю

A day without a year is the next one of that name. A time alone is the next one that the clock shows. `5.12` alone may
be either, so it is neither.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, tzinfo

from starbid.domain.errors import Invalid

LONGEST = 40
_TODAY, _TOMORROW = ("today", "сегодня"), ("tomorrow", "завтра")
_UNITS = (
    (("m", "min", "mins", "minute", "minutes", "мин", "минуту", "минуты", "минут"), timedelta(minutes=1)),
    (("h", "hr", "hrs", "hour", "hours", "ч", "час", "часа", "часов"), timedelta(hours=1)),
    (("d", "day", "days", "д", "дн", "день", "дня", "дней", "сутки", "суток"), timedelta(days=1)),
    (("w", "week", "weeks", "нед", "неделю", "недели", "недель"), timedelta(weeks=1)),
)
_LENGTHS = {name: length for names, length in _UNITS for name in names}
_MONTHS = {
    name: number
    for names in (
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
        ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
    )
    for number, name in enumerate(names, start=1)
}
_IN = re.compile(r"(?:(?:in|через) )?(?:(an?|[0-9]{1,4}) ?)?([a-zа-я]+)\.?")
_CLOCK = re.compile(
    r"(?:(?!(?:at|в) )(?P<day>.+?),? +)?(?:(?:at|в) )?"
    r"(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2}))?(?: ?(?P<half>[ap])m)?"
)
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DOTTED = re.compile(r"([0-9]{1,2})[./]([0-9]{1,2})(?:[./]([0-9]{4}|[0-9]{2}))?")
_NAMED = re.compile(r"([0-9]{1,2}) ([a-zа-я]{3})[a-zа-я]*\.?(?: ([0-9]{4}))?")


def typed_moment(field: str, text: str, now: datetime, zone: tzinfo) -> datetime:
    """In UTC, in whole minutes where a clock was named. What the clocks of `zone` show twice means the first time.

    Raises Invalid: "end" for what cannot be read, "day_alone" for a day without a time, "skipped" for a time that the
    clocks leave out. Whether it has passed is not asked here.
    """
    plain = _plain(text)
    length = _length(plain)
    if length:
        return now + length
    clock = now.astimezone(zone).replace(tzinfo=None)
    if _day(plain, clock.date()):
        raise Invalid(field, "day_alone")
    typed = _on_clock(plain, clock)
    if typed is None:
        raise Invalid(field, "end")
    try:
        moment = typed.replace(tzinfo=zone).astimezone(UTC)
        is_there = moment.astimezone(zone).replace(tzinfo=None) == typed
    except OverflowError:
        raise Invalid(field, "end") from None
    if not is_there:
        raise Invalid(field, "skipped")
    return moment


def _plain(text: str) -> str:
    """In small letters, with digits and blanks of ASCII; empty for what is too long to be one."""
    if len(text) > LONGEST:
        return ""
    marks = (str(unicodedata.decimal(mark)) if mark.isdecimal() else mark for mark in text.casefold())
    return " ".join("".join(marks).replace("ё", "е").split())


def _length(text: str) -> timedelta | None:
    """Of `in 3 h`, `через час`, `3 days`; None for what is no length, or none at all."""
    found = _IN.fullmatch(text)
    unit = _LENGTHS.get(found[2]) if found else None
    if found is None or unit is None:
        return None
    number = found[1] or "1"
    return unit * (int(number) if number.isdecimal() else 1) or None


def _on_clock(text: str, now: datetime) -> datetime | None:
    """What a clock on the wall shows then; `now` by the same clock."""
    found = _CLOCK.fullmatch(text)
    if found is None or not (found["minute"] or found["half"]):
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"] == "p" else 0)
    if hour > 23 or minute > 59:
        return None
    at = timedelta(hours=hour, minutes=minute)
    midnight = datetime(now.year, now.month, now.day)  # noqa: DTZ001 - of a wall
    if not found["day"]:
        return midnight + at if midnight + at > now else midnight + timedelta(days=1) + at
    day = _day(found["day"], now.date())
    return datetime(day.year, day.month, day.day) + at if day else None  # noqa: DTZ001 - the same


def _day(text: str, today: date) -> date | None:
    if text in _TODAY:
        return today
    if text in _TOMORROW:
        return today + timedelta(days=1)
    try:
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _DOTTED.fullmatch(text):
            return _next(int(found[1]), int(found[2]), found[3], today)
        found = _NAMED.fullmatch(text)
        month = _MONTHS.get(found[2]) if found else None
        return _next(int(found[1]), month, found[3], today) if found and month else None
    except ValueError:  # no such day
        return None


def _next(day: int, month: int, year: str | None, today: date) -> date:
    """Raises ValueError."""
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    this = date(today.year, month, day)
    return this if this >= today else date(today.year + 1, month, day)
