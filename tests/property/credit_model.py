"""A helper's account as one would write it down on paper.

It knows no counters: each credit is left, set aside, spent or withdrawn.
"""

from __future__ import annotations

from datetime import datetime

from starbid.domain.paid_days import PaidDays

LEFT, ASIDE, SPENT, WITHDRAWN = "left", "set aside", "spent", "withdrawn"


class Model:
    """Of one person."""

    def __init__(self) -> None:
        self.agreed = False
        self.trial_until: datetime | None = None
        self.trial_left = 0
        self.days: list[PaidDays] = []
        self.quota: dict[str, int] = {}
        self.credits: list[list[str]] = []
        """Of each: its pack and what has become of it; the oldest first."""
        self.prices: dict[str, int] = {}
        self.asked: list[datetime] = []
        self.open: tuple[str, str] | None = None
        """What pays for the open question, as long as it is set aside."""

    def number(self, state: str, pack_id: str = "") -> int:
        return sum(each[1] == state and pack_id in ("", each[0]) for each in self.credits)

    def move(self, state: str, after: str, number: int = 1, pack_id: str = "") -> None:
        """The oldest ones."""
        for each in self.credits:
            if number and each[1] == state and pack_id in ("", each[0]):
                each[1], number = after, number - 1
        assert not number

    def payer(self, now: datetime) -> tuple[str, str] | None:
        """The trial, the days that end first, the oldest credit."""
        if self.trial_until and now < self.trial_until and self.trial_left:
            return "trial", ""
        for days in self.days:  # bought one after the other
            if now < days.ends and self.quota[days.source]:
                return "quota", days.source
        return next((("credit", pack_id) for pack_id, state in self.credits if state == LEFT), None)

    def set_aside(self, payer: tuple[str, str]) -> None:
        self.open = payer
        self._count(-1)
        if payer[0] == "credit":
            self.move(LEFT, ASIDE)

    def give_back(self) -> None:
        self._count(1)
        if self.number(ASIDE):
            self.move(ASIDE, LEFT)
        self.open = None

    def use(self) -> None:
        if self.number(ASIDE):
            self.move(ASIDE, SPENT)
        self.open = None

    def _count(self, change: int) -> None:
        assert self.open
        if self.open[0] == "trial":
            self.trial_left += change
        if self.open[0] == "quota":
            self.quota[self.open[1]] += change
