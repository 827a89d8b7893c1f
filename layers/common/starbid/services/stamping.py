"""Moments as numbers, for keys and for states that only grow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def stamp(at: datetime) -> int:
    """Milliseconds since 1970 UTC."""
    return round(at.timestamp() * 1000)


def moment(stamped: Any) -> datetime:
    """What `stamp` made a number of."""
    return _EPOCH + timedelta(milliseconds=int(stamped))
