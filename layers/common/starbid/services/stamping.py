"""Moments as numbers, for keys and for states that only grow."""

from __future__ import annotations

from datetime import datetime


def stamp(at: datetime) -> int:
    """Milliseconds since 1970 UTC."""
    return round(at.timestamp() * 1000)
