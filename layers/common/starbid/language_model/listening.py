"""Hearing something while waiting for it: a thread of its own waits, and the listener looks around in between."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from queue import Empty, SimpleQueue
from typing import TypeVar

T = TypeVar("T")
_OVER = object()


class Leaving:
    """Tells the thread that nobody listens any more. `hurry`: what ends its present wait, once there is something."""

    def __init__(self) -> None:
        self._gone = threading.Event()
        self.hurry: Callable[[], None] | None = None

    @property
    def is_over(self) -> bool:
        return self._gone.is_set()

    def leave(self) -> None:
        self._gone.set()
        hurry = self.hurry
        if hurry:
            hurry()


@contextmanager
def listened(
    begin: Callable[[Leaving], AbstractContextManager[Iterator[T]]], seconds: float
) -> Iterator[Iterator[T | None]]:
    """What `begin` brings, item by item, and None after each `seconds` without one. An error is raised in its place.

    Leaving early does not wait for the thread: it ends with its present wait, which `Leaving.hurry` may cut short.
    """
    said: SimpleQueue[object] = SimpleQueue()
    leaving = Leaving()

    def run() -> None:
        try:
            with begin(leaving) as items:
                for item in items:
                    said.put(item)
                    if leaving.is_over:
                        return
            said.put(_OVER)
        except BaseException as error:
            said.put(_Raised(error))

    def heard() -> Iterator[T | None]:
        while True:
            try:
                item = said.get(timeout=seconds)
            except Empty:
                yield None
                continue
            if item is _OVER:
                return
            if isinstance(item, _Raised):
                raise item.error
            yield item  # type: ignore[misc]  # what `begin` brings

    threading.Thread(target=run, name="listening", daemon=True).start()
    try:
        yield heard()
    finally:
        leaving.leave()


class _Raised:
    def __init__(self, error: BaseException) -> None:
        self.error = error
