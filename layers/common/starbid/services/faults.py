"""Faults of ours, for the event log: where they happened, and of what class they were."""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import datetime

from starbid.domain.events import RequestFailed
from starbid.services.ports import Contended, Store, TryLater, Unavailable

_OUTAGES = (Contended, Unavailable, TryLater)
"""Somebody else's, which alarms count; and to write then would only make it longer."""


class Faults:
    """Notes them where that works; where it does not, the function's own log has them all the same."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def note(self, place: str, route: str, error: Exception, now: datetime, user_id: int | None = None) -> None:
        """Never raises. `place` and `route` as in RequestFailed."""
        if isinstance(error, _OUTAGES):
            return
        unit = self._store.unit()
        event_id = f"failed:{place}:{secrets.token_hex(8)}"
        unit.emit(RequestFailed(event_id, now, place, route, type(error).__name__, user_id))
        with suppress(Exception):
            unit.commit()
