"""The figures of the dashboard, as use cases see them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from starbid.domain.analytics.counting import Rises, Seller
from starbid.domain.analytics.known import Known

Day = Mapping[str, Mapping[int, int]]
"""The figures of a UTC day: by name, then by the quarter of the day (0 to 95)."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Figures as they are stored in one place, and how often that place was written."""

    place: str
    writes: int
    figures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Correction:
    """What takes the place of stored figures, if nobody has written there since they were read. `gauges` is what that
    adds to the sums from the beginning.
    """

    quarter: int
    seen: tuple[Counted, ...]
    figures: Mapping[str, int]
    gauges: Mapping[str, int]


class Figures(Protocol):
    """Counted in the transaction that puts an entry into the event log (`EventLog.keep`); read and corrected here.

    Days are UTC days by number, from 1970.
    """

    def days(self, first: int, last: int) -> Mapping[int, Day]:
        """Of these days, the last one with them; a moment behind. Days without figures may be missing."""

    def cohorts(self, first: int, last: int) -> Mapping[int, Day]:
        """Of the people who joined in a quarter: how many have come to each step (`Step`) until now."""

    def gauges(self) -> Mapping[str, int]:
        """The sums from the beginning until now."""

    def best_sellers(self, month: str, currency: str, limit: int) -> tuple[tuple[int, int], ...]:
        """Who has sold for most in a UTC month (`2026-11`): person and amount."""

    def keep_balance(self, moment: datetime, stars: int) -> None:
        """What the bot has at a moment; the last of an hour stays."""

    def balances(self, first: int, last: int) -> Mapping[int, int]:
        """The bot's Stars by the UTC hour (from 1970) in which they were last looked at."""

    def known(self, people: Collection[int]) -> Mapping[int, Known]:
        """Consistent; who is not there is unknown."""

    def learn(self, rises: Rises) -> bool:
        """Adds what follows from knowing more of people; False where somebody else has just learned of them."""

    def counted(self, day: int) -> Mapping[int, tuple[Counted, ...]]:
        """The places of each quarter of a day that has figures. Consistent."""

    def counted_cohort(self, day: int) -> Counted:
        """The figures are called `<step>@<quarter of the day>`. Consistent."""

    def counted_sales(self, day: str) -> Mapping[Seller, int]:
        """What each sold on a UTC day (`2026-11-30`); a new seller is there a moment later."""

    def correct(self, correction: Correction) -> bool:
        """False where somebody has counted there meanwhile, and nothing was written."""

    def correct_cohort(self, day: int, seen: Counted, figures: Mapping[str, int]) -> bool:
        """As `correct`."""

    def correct_sales(self, seller: Seller, seen: int, amount: int) -> bool:
        """As `correct`."""

    def unpacked(self, first: int, last: int) -> list[int]:
        """The days of these that are not yet kept as a whole."""

    def pack(self, day: int) -> bool:
        """Keeps a day's figures as a whole, so that reading it is one item. What is counted in it later undoes
        this. False where that has just happened.
        """
