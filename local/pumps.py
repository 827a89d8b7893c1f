"""The threads that poll streams and queues, and the wait until all is at rest."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack

from local.functions import Bell
from local.sources import Found, Source, StreamSource

BUSY_SECONDS = 30.0
"""For this long after the last activity sources are polled often, later rarely."""
LONG_CALL, LONGEST_CALL = 1.0, 120.0
"""Seconds. No function of the template runs longer."""

log = logging.getLogger("local.pumps")


class Pumps:
    """Threads that poll the sources all the time, and `settle`, which waits until nothing is left to do."""

    def __init__(self, sources: Iterable[Source], bell: Bell) -> None:
        self._sources = tuple(sources)
        self._bell = bell
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []
        self.drain_telegram: Callable[[float], bool] = lambda _seconds: True

    def start(self) -> None:
        for source in self._sources:
            for number in range(source.workers):
                seconds = (0.2, 1.0) if number == 0 else (5.0, 5.0)  # more threads start under load
                thread = threading.Thread(target=self._pump, args=(source, *seconds), name=source.id, daemon=True)
                thread.start()
                self._threads.append(thread)

    def stop(self, seconds: float) -> None:
        """Start nothing new and wait for running work."""
        self._ending.set()
        self._bell.ring()
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def overlook(self, write: Callable[[], None]) -> None:
        """What `write` writes is old: no stream tells it."""
        with ExitStack() as quiet:
            for source in self._sources:
                if isinstance(source, StreamSource):
                    quiet.enter_context(source.overlooking())
            write()

    def drain(self, seconds: float = 20.0) -> bool:
        """Work until streams, queues and the Telegram stand-in are idle; False if they were not in time. A long call is
        waited for: the clock must not jump while somebody writes an answer.
        """
        until = time.monotonic() + seconds
        at_last = until + LONGEST_CALL
        while time.monotonic() < until:
            seen, began = self._bell.count, time.monotonic()
            found = [self._look(source) for source in self._sources]
            if Found.RUNNING in found or time.monotonic() - began > LONG_CALL:
                until = min(time.monotonic() + seconds, at_last)
            if not self.drain_telegram(max(0.1, until - time.monotonic())):
                continue
            if set(found) <= {Found.NOTHING} and self._bell.count == seen:
                return True
            if Found.WORK not in found and set(found) - {Found.NOTHING}:
                time.sleep(0.01)
        log.warning("events did not come to rest within %d s", seconds)
        return False

    def _look(self, source: Source) -> Found:
        try:
            return source.poll()
        except Exception:
            if not self._ending.is_set():
                log.exception("%s could not be read", source.id)
                time.sleep(0.2)
            return Found.WAITING

    def _pump(self, source: Source, busy_seconds: float, idle_seconds: float) -> None:
        while not self._ending.is_set():
            seen = self._bell.count
            found = self._look(source)
            if found is Found.NOTHING:
                recent = time.monotonic() - self._bell.rung_at < BUSY_SECONDS
                self._bell.wait(seen, busy_seconds if recent else idle_seconds)
            elif found is not Found.WORK:
                self._ending.wait(0.05)
