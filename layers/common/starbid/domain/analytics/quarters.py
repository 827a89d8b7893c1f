"""Time in quarters of an hour UTC, numbered from 1970. All zones of today differ from UTC by whole quarters, so the
figures of any zone's days and hours are sums of them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

PER_HOUR, PER_DAY = 4, 96
_SECONDS = 900
_FIRST_DAY = date(1970, 1, 1)


def quarter_of(moment: datetime) -> int:
    """The quarter that a moment (aware) is in."""
    return int(moment.timestamp()) // _SECONDS


def start_of(quarter: int) -> datetime:
    return datetime.fromtimestamp(quarter * _SECONDS, UTC)


def day_of(quarter: int) -> int:
    """The number of its UTC day, from 1970."""
    return quarter // PER_DAY


def first_quarter(day: int) -> int:
    return day * PER_DAY


def date_of(day: int) -> date:
    return _FIRST_DAY + timedelta(days=day)


def number_of(day: date) -> int:
    """The number of a UTC day."""
    return (day - _FIRST_DAY).days
