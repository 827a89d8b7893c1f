"""How much of something waits for an operator, and since when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

MOST = 50
"""More are not counted: a look at the queue costs the same however long it is."""
TO_READ = MOST + 1
"""What a source reads: one more tells that there are more."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """`count` is MOST at most, `more` where there are more than that. `oldest` is since when the first one waits."""

    count: int = 0
    more: bool = False
    oldest: datetime | None = None


def waiting(since: Iterable[datetime]) -> Waiting:
    """Of the moments since which each one waits, in any order; TO_READ of them are enough."""
    moments = sorted(since)
    return Waiting(min(len(moments), MOST), len(moments) > MOST, moments[0] if moments else None)
