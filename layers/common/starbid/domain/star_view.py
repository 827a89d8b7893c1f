"""Whether a person lets the bot see their own Stars: by connecting it to their account as a business bot with the right
to view Stars (spec, section 4). Nothing else gives it that sight, and it ends with the connection or the right.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starbid.domain.renewals import ORDERED_FOR


@dataclass(frozen=True, slots=True)
class StarView:
    """`connection_id` is Telegram's name of the connection, empty where there is none (any more). `heard` is the number
    of the newest update that told of it.
    """

    connection_id: str
    heard: int
    heard_at: datetime

    @property
    def is_open(self) -> bool:
        return bool(self.connection_id)


def reported(known: StarView | None, connection_id: str, update_id: int, now: datetime) -> StarView:
    """What an update says; `connection_id` is empty where the sight has ended. The same one where it says nothing new.

    Updates may come in any order: the higher number is right, so one that ended the sight is not undone by an earlier
    one that comes after it.
    """
    if known and update_id <= known.heard and now - known.heard_at < ORDERED_FOR:
        return known
    return StarView(connection_id, update_id, now)


def ended(view: StarView) -> StarView:
    """Telegram knows no such connection, or it gives no such right."""
    return StarView("", view.heard, view.heard_at)
