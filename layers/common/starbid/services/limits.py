"""Counts what one person does that costs much, and says when it is too often."""

from __future__ import annotations

from datetime import datetime

from starbid.domain.errors import TooOften
from starbid.domain.limits import LIMITS, Deed
from starbid.services.ports import Counters


class Limits:
    """One conditional write a deed. Attempts count, also those that are refused later: they cost as well."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters

    def require(self, deed: Deed, who: int | str, now: datetime, number: int = 1) -> None:
        """Count so many more. Raises TooOften, and counts nothing, where the window has no room for all of them."""
        limit = LIMITS[deed]
        window, left = limit.window(now)
        if not self._counters.count(f"limit#{deed}#{who}#{window}", number, limit.most, left, now):
            raise TooOften(left)
