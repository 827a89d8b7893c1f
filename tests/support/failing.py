"""Faults that a test plants in a fake: errors and crashes, before or after the call."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Death(BaseException):
    """The process dies here. No `except Exception` may stop it."""


class Failing:
    """A fake that fails on demand. Each planted fault hits one call, in the order of planting."""

    def __init__(self) -> None:
        self._before: deque[BaseException] = deque()
        self._after: deque[BaseException] = deque()
        self._meanwhile: deque[Callable[[], object]] = deque()

    def fail_next(self, error: BaseException, *, after: bool = False, times: int = 1) -> None:
        """Make the next call raise `error`: before anything happens, or `after` it (a lost answer)."""
        (self._after if after else self._before).extend([error] * times)

    def meanwhile(self, act: Callable[[], object]) -> None:
        """Let somebody else `act` once, just before the next call. Of several, each takes one call."""
        self._meanwhile.append(act)

    def heal(self) -> None:
        """Forget all planted faults."""
        self._before.clear()
        self._after.clear()
        self._meanwhile.clear()

    @contextmanager
    def _deed(self) -> Iterator[None]:
        if self._meanwhile:
            self._meanwhile.popleft()()
        if self._before:
            raise self._before.popleft()
        yield
        if self._after:
            raise self._after.popleft()
