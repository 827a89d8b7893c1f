"""Periods that operators type: days of their own zone, or moments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo

from starbid.domain.errors import Invalid

_TYPED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T.{5,21})?")


def read_period(fields: Mapping[str, str], zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    """From `from` on, before `to`: days (`2026-11-30`), both within it, or moments (`2026-11-30T14:00`, in `zone` where
    they name none). None where a field is empty. Raises Invalid.
    """
    since = _moment(fields, "from", zone, timedelta(0))
    until = _moment(fields, "to", zone, timedelta(days=1))
    if since and until and since >= until:
        raise Invalid("to", "before_from")
    return since, until


def _moment(fields: Mapping[str, str], name: str, zone: tzinfo, length_of_day: timedelta) -> datetime | None:
    text = fields.get(name, "").strip()
    if not text:
        return None
    typed = _TYPED.fullmatch(text)
    if typed is None:
        raise Invalid(name, "day")
    try:
        read = datetime.fromisoformat(text)
        local = read if read.tzinfo else read.replace(tzinfo=zone)
        if not typed[1]:
            local += length_of_day
        moment = local.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(name, "day") from None
    if not 2000 <= moment.year < 3000:
        raise Invalid(name, "day")
    return moment
