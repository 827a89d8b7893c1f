"""Moments as numbers, for keys and for states that only grow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def stamp(at: datetime) -> int:
    """Whole milliseconds since 1970 UTC: the order of rows goes by them."""
    return (at - _EPOCH) // _MS


def moment(stamped: Any) -> datetime:
    """What `stamp` made a number of."""
    return _EPOCH + int(stamped) * _MS
