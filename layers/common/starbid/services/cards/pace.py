"""How much of what Telegram takes from a bot the edits of cards and posts may use: notices go the same way."""

from __future__ import annotations

from datetime import datetime

from starbid.domain.limits import Limit
from starbid.services.ports import Counters, Crowded

EDITS = Limit(150, 10)
"""Of all lots and chats together: half of what Telegram takes in that time."""


class EditPace:
    """Counts edits before they are made."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters

    def require(self, edits: int, now: datetime) -> None:
        """Count so many. Raises Crowded, and counts nothing, where this moment has no room for them."""
        window, left = EDITS.window(now)
        if edits and not self._counters.count(f"edits#{window}", edits, EDITS.most, left, now):
            raise Crowded(left)
