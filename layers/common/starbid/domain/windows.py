"""So many in a stretch of time that begins by the clock: for paces of our own, where nobody is refused anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Window:
    """`most` in `seconds`. Windows begin at multiples of their length since 1970 UTC, so two of them that meet let
    twice as many through in a short time. Who must not be is counted by a `domain.limits.Limit`.
    """

    most: int
    seconds: int

    def at(self, now: datetime) -> tuple[int, int]:
        """The number of the present window, and the seconds until the next one begins: 1 at least."""
        passed = int(now.timestamp())
        return passed // self.seconds, self.seconds - passed % self.seconds
