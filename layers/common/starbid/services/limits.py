"""Counts what one person does that costs much, and says when it is too often."""

from __future__ import annotations

from datetime import datetime

from starbid.domain.errors import TooOften
from starbid.domain.limits import LIMITS, Deed, Limit
from starbid.services.ports import Allowances


class Limits:
    """Attempts count, also those that are refused later: they cost as well."""

    def __init__(self, allowances: Allowances) -> None:
        self._allowances = allowances

    def require(self, deed: Deed, who: int | str, now: datetime, number: int = 1) -> None:
        """Count so many more. Raises TooOften, and counts nothing, where there is no room for all of them."""
        draw_from(self._allowances, f"limit#{deed}#{who}", LIMITS[deed], now, number)


def draw_from(allowances: Allowances, key: str, limit: Limit, now: datetime, number: int = 1) -> None:
    """Count so many more under a key. Raises TooOften, and counts nothing, where there is no room for all of them."""
    draw = limit.draw(now, number)
    wait = allowances.draw(key, draw) if draw.fits else draw.wait(None)
    if wait:
        raise TooOften(wait)
