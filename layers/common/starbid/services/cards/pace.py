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

    def wait(self, edits: int, now: datetime) -> int:
        """0, and so many are counted, where this moment has room for them; otherwise the seconds until it has."""
        window, left = EDITS.window(now)
        return 0 if self._counters.count(f"edits#{window}", edits, EDITS.most, left, now) else left

    def require(self, edits: int, now: datetime) -> None:
        """The same for any number; raises Crowded where they have to wait."""
        if edits and (wait := self.wait(edits, now)):
            raise Crowded(wait)
