"""The time of this process, for use cases that wait."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime


class ProcessPace:
    """Implements `ports.Pace`: `clock` may be moved, what passes in between and sleeping are real."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    def now(self) -> datetime:
        return self._clock()

    def elapsed(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)
