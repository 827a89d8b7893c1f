"""Time for tests: it stands still until it is moved."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

START = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


class FakeClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> datetime:
        """Advance by `timedelta(**by)`; returns the new time."""
        self.now += timedelta(**by)
        return self.now


class FakePace:
    """Implements `ports.Pace`: a sleep takes no time, and yet has passed. `moves_clock`: by the clock as well.

    What is planted in `meanwhile` others do while somebody sleeps, one of it in each sleep.
    """

    def __init__(self, clock: FakeClock, *, moves_clock: bool = False) -> None:
        self._clock, self.moves_clock = clock, moves_clock
        self._elapsed = 0.0
        self.meanwhile: deque[Callable[[], object]] = deque()

    def now(self) -> datetime:
        return self._clock.now

    def elapsed(self) -> float:
        return self._elapsed

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self._elapsed += seconds
        if self.moves_clock:
            self._clock.forward(milliseconds=round(seconds * 1000))
        if self.meanwhile:
            self.meanwhile.popleft()()
