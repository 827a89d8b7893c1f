"""What happened, in the past tense. Kept in the transaction of what they tell (outbox); told afterwards.

Bids have no event here: the row of a bid is its own event. `id` is unique per happening, so that it is told once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from starbid.domain.money import Money


@dataclass(frozen=True, slots=True)
class Event:
    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LotSold(Event):
    auction_id: str
    seller_id: int
    winner_id: int
    price: Money


@dataclass(frozen=True, slots=True)
class LotUnsold(Event):
    """`best_bid` is None where nobody bid; otherwise the reserve was not met."""

    auction_id: str
    seller_id: int
    best_bid: Money | None
    leader_id: int | None


@dataclass(frozen=True, slots=True)
class LotCancelled(Event):
    auction_id: str
    seller_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class LotDelivered(Event):
    auction_id: str
    seller_id: int
    buyer_id: int


@dataclass(frozen=True, slots=True)
class MoneyReleased(Event):
    """`by` is `buyer` or `time`."""

    auction_id: str
    seller_id: int
    buyer_id: int
    payout: Money
    fee: Money
    by: str


@dataclass(frozen=True, slots=True)
class MoneyReturned(Event):
    auction_id: str
    seller_id: int
    buyer_id: int
    price: Money


@dataclass(frozen=True, slots=True)
class PaymentCredited(Event):
    """`purpose` is what the payment was for, as in `payments.Purpose`."""

    user_id: int
    amount: Money
    purpose: str


@dataclass(frozen=True, slots=True)
class PaymentRefunded(Event):
    """`owed` is what the wallet could not bear."""

    user_id: int
    amount: Money
    owed: Money


@dataclass(frozen=True, slots=True)
class SubscriptionStarted(Event):
    user_id: int
    until: datetime


@dataclass(frozen=True, slots=True)
class SubscriptionEnded(Event):
    user_id: int


AnyEvent = (
    LotSold
    | LotUnsold
    | LotCancelled
    | LotDelivered
    | MoneyReleased
    | MoneyReturned
    | PaymentCredited
    | PaymentRefunded
    | SubscriptionStarted
    | SubscriptionEnded
)
EVENTS: dict[str, type[AnyEvent]] = {kind.__name__: kind for kind in get_args(AnyEvent)}
