"""What partitions take in a second, and what was asked of them."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable

WRITES, READS = 1_000, 3_000
"""Units a second of one partition (AWS, "Warm throughput": each partition is limited to these, whatever the table)."""

NEW_TABLE = {"writes": 4_000, "reads": 12_000}
"""Units a second that a new on-demand table takes at once (same page). Told, not enforced: it doubles by itself."""

Charge = tuple[str, float]
"""A partition, named `<table>/<hash key>`, and units."""


class Partitions:
    """Takes at most `limit` units of a partition in any second. No burst: what was not used before does not help."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._recent: dict[str, deque[tuple[float, float]]] = defaultdict(deque)
        self._sums: dict[str, float] = defaultdict(float)
        self._worst: dict[str, float] = defaultdict(float)
        self.total = 0.0
        self.refused = 0

    def take(self, charges: Iterable[Charge], second: float) -> frozenset[str]:
        """Take all, or nothing where a partition would get too much: those are answered."""
        wanted: dict[str, float] = defaultdict(float)
        for partition, units in charges:
            wanted[partition] += units
        hot = frozenset(name for name, units in wanted.items() if self._sum(name, second) + units > self._limit)
        if hot:
            self.refused += 1
            return hot
        for partition, units in wanted.items():
            self.total += units
            for name in (partition, partition.partition("/")[0]):
                self._count(name, units, second)
        return hot

    @property
    def hottest(self) -> tuple[str, float]:
        """The partition with the worst second, and its units."""
        partitions = (found for found in self._worst.items() if "/" in found[0])
        return max(partitions, key=lambda found: found[1], default=("", 0.0))

    @property
    def tables(self) -> dict[str, float]:
        """The most units of a second of each table."""
        return {name: units for name, units in sorted(self._worst.items()) if "/" not in name}

    def _count(self, name: str, units: float, second: float) -> None:
        self._sums[name] = self._sum(name, second) + units
        self._recent[name].append((second, units))
        self._worst[name] = max(self._worst[name], self._sums[name])

    def _sum(self, name: str, second: float) -> float:
        recent = self._recent[name]
        while recent and recent[0][0] <= second - 1:
            self._sums[name] -= recent.popleft()[1]
        return self._sums[name]
