"""Fires schedules when they are due, and moves the clock on through everything that is due."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable

from local.clock import Clock
from local.functions import Bell
from local.queues import Queues
from local.schedules import Calls, RecurringSchedules, Schedules

HOUR_MS = 3_600_000
LOOK_SECONDS = 0.5
STOPS_AT_ONE_MOMENT = 200

log = logging.getLogger("local.timeline")


class Timeline:
    """One thread of events: due schedules are fired by one thread at a time, in order.

    `drain` waits until streams and queues are empty. `consumed` are the queues that some function reads.
    """

    def __init__(
        self,
        clock: Clock,
        schedules: Schedules,
        calls: Calls,
        recurring: RecurringSchedules,
        queues: Queues,
        consumed: Iterable[str],
        drain: Callable[[], object],
    ) -> None:
        self._clock = clock
        self._schedules = schedules
        self._calls = calls
        self._recurring = recurring
        self._queues = queues
        self._consumed = tuple(consumed)
        self._drain = drain
        self._turn = threading.Lock()
        self._changed = Bell()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="timeline", daemon=True)
        schedules.woken = self._changed.ring

    def start(self) -> None:
        """Start firing what is due."""
        self._thread.start()

    def stop(self, seconds: float) -> None:
        self._ending.set()
        self._changed.ring()
        if self._thread.is_alive():
            self._thread.join(max(0.0, seconds))

    def advance(self, seconds: float) -> int:
        """Move the clock on, firing in order what is due on the way; returns the number of firings.

        Within an hour every firing of the recurring schedules happens. Beyond that they fire once at each stop made for
        something else: ten thousand idle sweeps find nothing. At the end they fire in any case: one-off schedules and
        delayed messages have whole seconds only, so what ended in the last second is left to the sweeps.
        """
        with self._turn:
            start = self._clock.now_ms()
            target = start + round(seconds * 1000)
            self._clock.stop_at(start)
            try:
                fired = self._fire(start)
                self._drain()
                fired += self._pass_stops(target, every=target - start <= HOUR_MS)
                self._clock.stop_at(target)
                fired += self._fire(target, last=True)
                self._drain()
            finally:
                self._clock.resume()
        self._changed.ring()
        return fired

    def _pass_stops(self, target: int, *, every: bool) -> int:
        fired = stops = 0
        while (due := self._next_stop(every)) is not None and due <= target:
            now = self._clock.now_ms()
            stops = stops + 1 if due <= now else 0
            if stops > STOPS_AT_ONE_MOMENT:
                log.warning("something falls due again and again at one moment; going on")
                break
            self._clock.stop_at(due)
            fired += self._fire(self._clock.now_ms())
            self._drain()
        return fired

    def _next_stop(self, every: bool) -> int | None:
        dues = [self._schedules.next_due(), self._calls.next_due()]
        dues.append(self._queues.next_due(self._consumed, self._clock.now_ms()))
        if every:
            dues.append(self._recurring.next_due())
        return min((due for due in dues if due is not None), default=None)

    def _fire(self, now: int, *, last: bool = False) -> int:
        fired = self._schedules.fire(now)
        self._calls.run_due(now)
        return fired + self._recurring.fire(now, all_of_them=last)

    def _run(self) -> None:
        while not self._ending.is_set():
            seen = self._changed.count
            with self._turn:
                try:
                    self._fire(self._clock.now_ms())
                except Exception:
                    if self._ending.is_set():
                        return
                    log.exception("firing what is due failed")
            dues = [self._schedules.next_due(), self._calls.next_due(), self._recurring.next_due()]
            wait = (min((d for d in dues if d is not None), default=1 << 62) - self._clock.now_ms()) / 1000
            self._changed.wait(seen, min(max(wait, 0.01), LOOK_SECONDS))
