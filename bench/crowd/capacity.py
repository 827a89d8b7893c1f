"""What partitions take in a second, and what was asked of them."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable

WRITES, READS = 1_000, 3_000
"""Units a second of one partition (AWS, "Warm throughput": each partition is limited to these, whatever the table)."""

Charge = tuple[str, float]
"""A partition (table and hash key) and units."""


class Partitions:
    """Takes at most `limit` units of a partition in any second. No burst: what was not used before does not help."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._recent: dict[str, deque[tuple[float, float]]] = defaultdict(deque)
        self._sums: Counter[str] = Counter()
        self.total = 0.0
        self.refused = 0
        self.worst: dict[str, float] = {}
        """By partition: the most units of any second."""

    def take(self, charges: Iterable[Charge], second: float) -> frozenset[str]:
        """Take all, or nothing where a partition would get too much: those are answered."""
        wanted: Counter[str] = Counter()
        for partition, units in charges:
            wanted[partition] += units  # type: ignore[assignment]
        hot = frozenset(name for name, units in wanted.items() if self._sum(name, second) + units > self._limit)
        if hot:
            self.refused += 1
            return hot
        for name, units in wanted.items():
            self._recent[name].append((second, units))
            self._sums[name] += units
            self.total += units
            self.worst[name] = max(self.worst.get(name, 0), self._sums[name])
        return hot

    @property
    def hottest(self) -> tuple[str, float]:
        """The partition with the worst second, and its units."""
        return max(self.worst.items(), key=lambda found: found[1], default=("", 0.0))

    def _sum(self, partition: str, second: float) -> float:
        recent = self._recent[partition]
        while recent and recent[0][0] <= second - 1:
            self._sums[partition] -= recent.popleft()[1]  # type: ignore[assignment]
        return self._sums[partition]
