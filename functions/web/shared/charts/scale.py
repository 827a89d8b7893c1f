"""Where values stand on an axis, and at which round numbers it has marks. Whole numbers only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MARKS = 3
"""About so many steps of an axis: few are quiet."""


@dataclass(frozen=True, slots=True)
class Scale:
    """From `low` to `high`, both round, with zero in it; `marks` from below."""

    low: int
    high: int
    marks: tuple[int, ...]

    def share(self, value: int) -> float:
        """How far up a value stands: 0 at `low`, 1 at `high`."""
        return (value - self.low) / (self.high - self.low)


def scale_of(values: Iterable[int]) -> Scale:
    found = [0, *values]
    least, most = min(found), max(found)
    step = _round_up(max(1, -(-(most - least) // MARKS)))
    low, high = least // step * step, -(-most // step) * step
    if low == high:
        high = low + step
    return Scale(low, high, tuple(range(low, high + 1, step)))


def _round_up(step: int) -> int:
    """The next of 1, 2, 5, 10, 20, 50, ..."""
    power = int("1" + "0" * (len(str(step)) - 1))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= step)


def few(count: int, most: int) -> list[int]:
    """Places of `count` things that get a label: evenly spread, `most` of them at most, the first among them."""
    if count == 0:
        return []
    step = -(-count // most)
    return list(range(0, count, step))
