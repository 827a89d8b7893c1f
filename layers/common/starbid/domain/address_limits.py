"""How often one address may do what costs and asks for no login: a bucket of tokens that refills evenly.

Many people can share an address (a mobile network, an office), so there is room for a crowd, and an end to a program.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Traffic(StrEnum):
    """What is counted. The values are parts of keys in the scratch table."""

    LOGIN = "login"
    """Proving who one is."""
    SEARCH = "search"
    """A search by words, and suggestions while one types."""
    FORM = "form"
    """Any other form of somebody who is not logged in."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """`burst` at once, and one more every `every` seconds.

    A count since the beginning of a period is enough to know it: until now there was room for `burst`, and for what has
    been refilled since. A period is as long as it takes to fill an empty bucket, and begins with a full one; so two
    periods that meet let twice the burst through, and no more.
    """

    burst: int
    every: float

    def times(self, number: int) -> Bucket:
        """So many times as wide."""
        return Bucket(self.burst * number, self.every / number)

    def room(self, now: datetime) -> tuple[int, int, int]:
        """The number of the period, how many it has room for until now, and the seconds until there is room for another
        one: 1 at least.
        """
        seconds, length = now.timestamp(), self.burst * self.every
        passed = seconds % length
        refilled = int(passed / self.every)
        wait = (refilled + 1) * self.every - passed
        return int(seconds // length), self.burst + refilled, max(1, math.ceil(wait))

    @property
    def seconds(self) -> int:
        """How long a count is needed."""
        return math.ceil(self.burst * self.every)


BUCKETS = {
    Traffic.LOGIN: Bucket(40, 15),
    Traffic.SEARCH: Bucket(300, 0.5),
    Traffic.FORM: Bucket(60, 10),
}
