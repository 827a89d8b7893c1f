"""The threads that poll streams and queues, and the wait until all is at rest."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack

from local.functions import Bell
from local.sources import Found, Source, StreamSource

HELPERS_PAUSE = 5.0
"""Seconds between two looks of the threads that are there for more work than one of them can do."""
LONG_CALL, LONGEST_CALL = 1.0, 120.0
"""Seconds. No function of the template runs longer."""

log = logging.getLogger("local.pumps")


class Pumps:
    """Threads that poll the sources, each when something came or its pause is over, and `drain`, which waits until
    nothing is left to do. `bell` rings at whatever happens in the run.
    """

    def __init__(self, sources: Iterable[Source], bell: Bell) -> None:
        self._sources = tuple(sources)
        self._bell = bell
        self._bells = {source.origin: Bell() for source in self._sources}
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []
        self.drain_telegram: Callable[[float], bool] = lambda _seconds: True

    def start(self) -> None:
        for source in self._sources:
            for number in range(source.workers):
                pause = source.pause if number == 0 else HELPERS_PAUSE
                thread = threading.Thread(target=self._pump, args=(source, pause), name=source.id, daemon=True)
                thread.start()
                self._threads.append(thread)

    def stop(self, seconds: float) -> None:
        """Start nothing new and wait for running work."""
        self._ending.set()
        for bell in self._bells.values():
            bell.ring()
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def wake(self, origin: str) -> None:
        """Something came into a queue, or into the stream of a table."""
        self._bell.ring()
        if origin in self._bells:
            self._bells[origin].ring()

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

    def _pump(self, source: Source, pause: float) -> None:
        bell = self._bells[source.origin]
        while not self._ending.is_set():
            seen = bell.count
            found = self._look(source)
            if found is Found.NOTHING:
                bell.wait(seen, pause)
            elif found is not Found.WORK:
                self._ending.wait(0.05)
