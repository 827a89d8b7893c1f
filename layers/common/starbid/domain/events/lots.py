"""What happened to a lot until its end, and to offers of it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starbid.domain.events.base import LotEvent
from starbid.domain.money import Money


@dataclass(frozen=True, slots=True)
class LotPublished(LotEvent):
    """A lot was put up, or put up `again`; it may begin later."""

    kind: str
    category: str
    goods: str
    currency: str
    starts_at: datetime
    ends_at: datetime
    again: bool


@dataclass(frozen=True, slots=True)
class LotSold(LotEvent):
    winner_id: int
    price: Money
    left_out: tuple[int, ...] = ()
    """Whose sealed bids did not count, as they owed."""


@dataclass(frozen=True, slots=True)
class LotUnsold(LotEvent):
    """`best_bid` is None where nobody bid; otherwise the reserve was not met, or those in `left_out` owed."""

    best_bid: Money | None
    leader_id: int | None
    left_out: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LotCancelled(LotEvent):
    reason: str


@dataclass(frozen=True, slots=True)
class LotBegan(LotEvent):
    """A lot with a start of its own has begun; for those who watch it."""

    ends_at: datetime


@dataclass(frozen=True, slots=True)
class LotEndingSoon(LotEvent):
    """A quarter of an hour is left, for those who watch. Without the price: it may be hidden, and it may still move."""

    ends_at: datetime


@dataclass(frozen=True, slots=True)
class SecondChanceOffered(LotEvent):
    """The deal fell through and the seller offers the lot to the runner-up, or the winner owed and it is offered."""

    to_id: int
    price: Money
    until: datetime


@dataclass(frozen=True, slots=True)
class SecondChanceDeclined(LotEvent):
    price: Money


@dataclass(frozen=True, slots=True)
class SecondChanceExpired(LotEvent):
    """The runner-up let the offer pass."""

    price: Money
