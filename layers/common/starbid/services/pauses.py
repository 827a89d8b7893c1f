"""How the pauses stand, for those who show it."""

from __future__ import annotations

from datetime import datetime, timedelta

from starbid.domain.pause import Pause, holds
from starbid.services.ports import Store

FRESH = timedelta(seconds=1)
"""A page may tell of a pause so much later: nothing is decided by what is remembered here."""


class PauseNews:
    """Remembers what was read last, for a second: a page that shows no lot costs a read once a second, and one that
    does none at all.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: tuple[tuple[Pause, ...], datetime] | None = None

    def history(self, now: datetime) -> tuple[Pause, ...]:
        """The last pauses, as they were a second ago or later."""
        if self._known and timedelta(0) <= now - self._known[1] < FRESH:
            return self._known[0]
        return self.learn(self._store.pauses().history, now)

    def holds(self, now: datetime) -> bool:
        """Whether all lots are paused."""
        return holds(self.history(now), now)

    def learn(self, history: tuple[Pause, ...], now: datetime) -> tuple[Pause, ...]:
        """They are known to be so."""
        self._known = (history, now)
        return history
