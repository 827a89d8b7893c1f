"""What is known of a person for counting: when they came, how far they have come, when they were active."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum


class Step(StrEnum):
    """The funnel. Who has come to a step has come to all before it, in whatever order."""

    NEW = "new"
    PAID = "paid"
    BID = "bid"
    WON = "won"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Known:
    """`joined` and `active` are quarters; `wins` the ids of two sales to the person, the first by their text. `version`
    counts the writes of it, 0 before the first.
    """

    user_id: int
    version: int = 0
    joined: int | None = None
    has_paid: bool = False
    has_bid: bool = False
    wins: tuple[str, ...] = ()
    active: frozenset[int] = frozenset()

    def won(self, sale: str) -> Known:
        """The same twice changes nothing, and any order comes to the same."""
        return replace(self, wins=tuple(sorted({*self.wins, sale})[:2]))

    def steps(self) -> Iterator[Step]:
        """How far this person has come, of those who joined since there is a log."""
        reached = (
            (Step.NEW, self.joined is not None),
            (Step.PAID, self.has_paid),
            (Step.BID, self.has_bid),
            (Step.WON, len(self.wins) > 0),
            (Step.AGAIN, len(self.wins) > 1),
        )
        for step, is_reached in reached:
            if not is_reached:
                return
            yield step
