"""The line of a lot: bids that wait for their turn, and the lease of the one who decides them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from starbid.domain.intents import Intent, Outcome


@dataclass(frozen=True, slots=True)
class Line:
    """That bids have waited on this lot, perhaps still do. `leased_until` is when its lease is free again."""

    leased_until: datetime


class Intents(Protocol):
    """Bids that wait, by lot. Before the first of a lot is added somebody has to have taken the lot's lease: so a lot
    without a `Line` has none.
    """

    def take_lease(self, auction_id: str, holder: str, until: datetime, now: datetime) -> bool:
        """True where it was free or has run out, or is the holder's own; it is theirs until `until`.

        Raises Contended, Unavailable.
        """

    def give_back_lease(self, auction_id: str, holder: str, now: datetime) -> None:
        """It is free at `now`; nothing changes where another holds it. Raises Contended, Unavailable."""

    def add(self, intent: Intent) -> None:
        """Raises Contended, Unavailable; an intent that was added is not added twice."""

    def waiting(self, auction_id: str, most: int) -> list[Intent]:
        """The first of those that are not decided, at least `most` where there are so many, by arrival. Consistent."""

    def ask_waiting(self, auction_id: str, most: int) -> Callable[[], list[Intent]]:
        """Begin to read the same, while the caller does something else; what is returned waits for it."""

    def outcome_and_line(self, intent: Intent) -> tuple[Outcome | None, Line | None]:
        """What became of it, None as long as it waits, and how the lease stands, in one round trip. Not consistent: it
        may be late, never wrong.
        """

    def withdraw(self, intent: Intent) -> Outcome | None:
        """Take an undecided intent back, so that it never counts; answers the outcome of one that was decided first.

        Raises Contended where it is just being decided, and Unavailable, also where it is not there: what was dropped
        has been decided.
        """

    def drop(self, intent: Intent) -> None:
        """Forget a decided intent, whose outcome was read. Where that fails it is forgotten in an hour."""
