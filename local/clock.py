"""The local run's own time: real time plus what was advanced so far; it stands still during an advance."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from local.state import State

_NOTE = "clock.offset_ms"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970 UTC, rounded down."""
    return (moment - _EPOCH) // _MS


def from_ms(ms: int) -> datetime:
    return _EPOCH + ms * _MS


def real_ms() -> int:
    """The wall clock."""
    return to_ms(datetime.now(UTC))


class Clock:
    """Time that never goes back. What was advanced is stored in `state` and survives a restart."""

    def __init__(self, state: State, real: Callable[[], int] = real_ms) -> None:
        self._state = state
        self._real = real
        self._lock, self._moving = threading.Lock(), threading.Lock()
        self._offset = int(state.note(_NOTE) or 0)
        self._stopped: int | None = None

    def now(self) -> datetime:
        """Aware, UTC, whole milliseconds."""
        return from_ms(self.now_ms())

    def now_ms(self) -> int:
        with self._lock:
            return self._read()

    def stop_at(self, ms: int) -> None:
        """Stand still at a moment, or at the present time if that is later."""
        with self._moving:
            with self._lock:
                self._stopped = max(ms, self._read())
                self._move_to(self._stopped)
            self._keep()

    def resume(self) -> None:
        """Continue from where the clock stands."""
        with self._moving:
            with self._lock:
                if self._stopped is None:
                    return
                self._move_to(self._stopped)
                self._stopped = None
            self._keep()

    def _read(self) -> int:
        return self._real() + self._offset if self._stopped is None else self._stopped

    def _move_to(self, ms: int) -> None:
        self._offset = max(0, ms - self._real())

    def _keep(self) -> None:
        """Readers do not wait for this: one may be in the middle of a transaction, which this waits for."""
        self._state.set_note(_NOTE, str(self._offset))
