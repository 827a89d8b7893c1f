"""A pace: a few at once, then one each so many seconds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Beat:
    """`at_once` in a row, and one each `seconds` where they go on. Each books a time; `booked` is the next one's."""

    seconds: int
    at_once: int = 1

    def wait(self, booked: datetime | None, now: datetime) -> int:
        """Seconds until another one may come; 0 where it may at once, as where nothing was booked."""
        if booked is None:
            return 0
        ahead = (booked - now).total_seconds() - (self.at_once - 1) * self.seconds
        return max(0, math.ceil(ahead))

    def book(self, booked: datetime | None, now: datetime) -> datetime:
        """The time of the next one after one that comes now."""
        return max(booked or now, now) + timedelta(seconds=self.seconds)
