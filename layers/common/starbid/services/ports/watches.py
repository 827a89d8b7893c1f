"""Who watches which lot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Mark:
    """A lot on a person's list, until `until`, to the second. `ends_at` is the lot's end as it was when marked, `since`
    when that was: None of an older mark, whose time was not kept.
    """

    user_id: int
    auction_id: str
    ends_at: datetime
    until: datetime
    since: datetime | None = None


class Watches(Protocol):
    """Marks, by person and by lot."""

    def put(self, mark: Mark) -> None:
        """In the place of the one that is there."""

    def drop(self, user_id: int, auction_id: str) -> None:
        """Nothing changes where there is none."""

    def mark(self, user_id: int, auction_id: str, now: datetime) -> Mark | None:
        """Consistent."""

    def marks_of(self, user_id: int, now: datetime) -> list[Mark]:
        """All of a person's; consistent."""

    def watchers(self, auction_id: str, after: str, limit: int) -> tuple[tuple[int, ...], str | None]:
        """Ids of those who watch a lot, after a place (empty: from the first on), and where to go on, None at the end.

        A moment behind, and with marks that are over: they outlive their lot by far.
        """
