"""Broadcasts as they are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from starbid.domain.broadcasts import Broadcast
from starbid.services.ports.desk import DeskRow
from starbid.services.ports.pages import Page


class Broadcasts(Protocol):
    """All there were, a row each."""

    def find(self, broadcast_id: str, now: datetime) -> Broadcast | None:
        """Consistent."""

    def newest(self, now: datetime, *, limit: int = 20, cursor: str | None = None) -> Page[Broadcast]:
        """A moment behind. Raises Invalid for a cursor of another list."""

    def save(self, broadcast: Broadcast) -> bool:
        """False where it is no longer the version before."""

    def row(self, broadcast: Broadcast) -> DeskRow:
        """For `Unit.save_row`."""
