"""How a price falls by itself (spec, section 3, "Dutch")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from starbid.domain.money import Money

LONGEST = timedelta(days=999_999)


@dataclass(frozen=True, slots=True)
class Descent:
    """From `start` by `drop` after each `every`, down to `floor`; moments are lengths since the start of the lot."""

    start: Money
    floor: Money
    drop: Money
    every: timedelta

    @property
    def steps(self) -> int:
        """How often it falls; the last fall may be a smaller one."""
        return -(-(self.start.amount - self.floor.amount) // self.drop.amount)

    @property
    def lasts(self) -> timedelta:
        """When the floor is reached; LONGEST where it would take longer than can be told."""
        return self.steps * self.every if self.steps <= LONGEST // self.every else LONGEST

    def reaches_floor_in(self, seconds: int) -> bool:
        """Whether a lot that lasts so long is sold at the floor for a while (spec, section 3)."""
        return self.lasts < timedelta(seconds=seconds)

    def price_after(self, passed: timedelta) -> Money:
        """max(floor, start - drop * (passed // every)); the start price before the start."""
        drops = max(passed, timedelta(0)) // self.every
        return max(self.floor, Money(self.start.amount - self.drop.amount * drops, self.start.currency))
