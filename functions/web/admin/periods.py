"""Periods as filters of lists: days of the operator's own zone, in the address."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from starbid.domain.errors import Invalid


def first_moment(field: str, text: str, zone: tzinfo) -> datetime | None:
    """When a day begins, or a moment of it (`2026-11-30T14:00`); None for an empty text. Raises Invalid."""
    return _moment(field, text, zone, timedelta(0))


def last_moment(field: str, text: str, zone: tzinfo) -> datetime | None:
    """When a day is over, so the day itself belongs to the period; a moment is meant as it is. Raises Invalid."""
    return _moment(field, text, zone, timedelta(days=1))


def _moment(field: str, text: str, zone: tzinfo, later: timedelta) -> datetime | None:
    text = text.strip()
    if not text:
        return None
    try:
        if len(text) == len("2026-11-30"):
            local = datetime.combine(date.fromisoformat(text) + later, time.min)
        else:
            local = datetime.fromisoformat(text)
        return (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid(field, "time") from error
