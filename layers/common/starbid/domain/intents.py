"""Bids and purchases that wait for their turn in a crowd, and what becomes of each (spec, section 3, "Who")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from starbid.domain.errors import StarbidError
from starbid.domain.money import Money


class Wish(StrEnum):
    """What is wanted: to bid up to an amount, or to buy at the price seen."""

    BID = "bid"
    BUY = "buy"


@dataclass(frozen=True, slots=True)
class Memory:
    """What makes a request known that may come twice: the `key` of its record, the `fingerprint` of its body."""

    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Intent:
    """One person's wish on one lot. `amount` is the maximum of a bid or the price that the buyer saw.

    `arrived_at` decides whether the lot was open, moves a soft close and orders those who wait; so does `id` among
    equals, which nobody chooses. `card_version`: of the words that the person saw, None for any. `confirmed`: an
    unusual bid is meant.
    """

    id: str
    auction_id: str
    person_id: int
    wish: Wish
    amount: Money
    arrived_at: datetime
    card_version: int | None = None
    confirmed: bool = False
    memory: Memory | None = None

    @property
    def order(self) -> tuple[datetime, str]:
        """Those who wait together are decided in this order."""
        return self.arrived_at, self.id


@dataclass(frozen=True, slots=True)
class Placed:
    """Accepted: it is the bid or purchase of this number in the lot's log."""

    number: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A rule was against it, and nothing happened."""

    error: StarbidError


@dataclass(frozen=True, slots=True)
class Repeated:
    """A request of the same key was decided before; its record has the answer."""


Outcome = Placed | Refused | Repeated
"""Final: an intent is decided once."""
