"""Virtual time: a minute of a crowd passes as fast as its work is computed, and the same way in every run."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import NoReturn, TypeVar

from greenlet import getcurrent, greenlet

T = TypeVar("T")


class VirtualTime:
    """Implements `ports.Pace`. Each piece of work is a greenlet, which others run beside while it sleeps.

    Of those that wake at the same moment, the one that fell asleep first comes first.
    """

    def __init__(self, begin: datetime) -> None:
        self.begin = begin
        self._seconds = 0.0
        self._waiting: list[tuple[float, int, greenlet]] = []
        self._numbers = 0
        self._hub = getcurrent()

    def now(self) -> datetime:
        return self.begin + timedelta(milliseconds=int(self._seconds * 1000))

    def elapsed(self) -> float:
        return self._seconds

    def sleep(self, seconds: float) -> None:
        """For work that was given to `at`."""
        self._wake(self._seconds + seconds, getcurrent())
        self._hub.switch()

    def at(self, second: float, work: Callable[[], object]) -> None:
        """Have `work` begin at a second of this time, at once where that is past."""
        self._wake(max(second, self._seconds), greenlet(work, self._hub))

    def beside(self, work: Callable[[], T]) -> Callable[[], T]:
        """Begin `work`, as a thread would; what is returned waits for what it answers, or raises what it raises."""
        done: list[Callable[[], T]] = []
        waiting: list[greenlet] = []

        def thread() -> None:
            try:
                answer = work()
                done.append(lambda: answer)
            except Exception as error:
                done.append(partial(_raise, error))
            for sleeper in waiting:
                self._wake(self._seconds, sleeper)

        def result() -> T:
            if not done:
                waiting.append(getcurrent())
                self._hub.switch()
            return done[0]()

        self.at(self._seconds, thread)
        return result

    def run(self, until: Callable[[], bool] = lambda: False) -> None:
        """Run all work to its end, or until it is so; raises what work raises."""
        self._hub = getcurrent()
        while self._waiting and not until():
            self._seconds, _, sleeper = heapq.heappop(self._waiting)
            sleeper.parent = self._hub
            sleeper.switch()

    def _wake(self, second: float, sleeper: greenlet) -> None:
        self._numbers += 1
        heapq.heappush(self._waiting, (second, self._numbers, sleeper))


def _raise(error: Exception) -> NoReturn:
    raise error
