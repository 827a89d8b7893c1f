"""What happened to a deal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starbid.domain.events.base import DealEvent, Event
from starbid.domain.money import Money


@dataclass(frozen=True, slots=True)
class LotDelivered(DealEvent):
    """The buyer can read what the seller handed over."""


@dataclass(frozen=True, slots=True)
class MoneyReleased(DealEvent):
    """`by` is `buyer`, `time`, or `admin`, who settled a dispute for the `reason`."""

    payout: Money
    fee: Money
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MoneyReturned(DealEvent):
    """`by` is as in MoneyReleased, or `debt`, which the price goes to; empty in rows written before disputes."""

    price: Money
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AddressGiven(DealEvent):
    """The buyer said where it goes, and confirmed it; `corrected`: in place of what they had said before."""

    corrected: bool


@dataclass(frozen=True, slots=True)
class DealReminded(DealEvent):
    """A deal has waited for `reminded_id` for long, in this `state`, and soon moves on by itself."""

    reminded_id: int
    state: str


@dataclass(frozen=True, slots=True)
class LotDisputed(DealEvent):
    """The buyer objects; an admin decides. `text` is the buyer's."""

    text: str


@dataclass(frozen=True, slots=True)
class DisputeAnswered(DealEvent):
    """The seller says their side, or says it again; `text` is the seller's, `version` the deal's with it."""

    text: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class DisputeWithdrawn(DealEvent):
    """The buyer took the objection back; the deal goes on."""


@dataclass(frozen=True, slots=True)
class DealFroze(DealEvent):
    """The buyer owes: nothing is to be delivered; `until` then the price goes back."""

    until: datetime


@dataclass(frozen=True, slots=True)
class DealThawed(DealEvent):
    """The debt is settled: the seller delivers, by `until`."""

    until: datetime


@dataclass(frozen=True, slots=True)
class LotRated(Event):
    """One side rated the other, `rated_id`; `visible` where both ratings can be read now."""

    auction_id: str
    rated_id: int
    visible: bool


@dataclass(frozen=True, slots=True)
class RatingsShown(DealEvent):
    """A rating waited for the other side's in vain, and can be read now."""
