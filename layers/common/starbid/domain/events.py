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
class LotEvent(Event):
    auction_id: str
    seller_id: int


@dataclass(frozen=True, slots=True)
class DealEvent(LotEvent):
    buyer_id: int


@dataclass(frozen=True, slots=True)
class PersonEvent(Event):
    user_id: int


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


@dataclass(frozen=True, slots=True)
class PaymentCredited(PersonEvent):
    """`purpose` is what the payment was for, as in `payments.Purpose`. `bill_id`: of the bill that it paid, if it did;
    `awaits` names the act that waited for that money, as `unfinished.ACTS` does.
    """

    amount: Money
    purpose: str
    bill_id: str = ""
    awaits: str = ""


@dataclass(frozen=True, slots=True)
class BillEnded(PersonEvent):
    """A bill was not paid: `state` is `rejected`, `expired` or `failed`."""

    bill_id: str
    amount: Money
    state: str


@dataclass(frozen=True, slots=True)
class BillPuzzling(PersonEvent):
    """A provider says something unknown of a bill, `said`; it is still waited for."""

    bill_id: str
    amount: Money
    said: str


@dataclass(frozen=True, slots=True)
class BillDiffers(PersonEvent):
    """Something else was `paid` than was asked for (`499.00 RUB`); an operator decides, and the person is told."""

    bill_id: str
    amount: Money
    paid: str


@dataclass(frozen=True, slots=True)
class BillReturned(PersonEvent):
    """What was `paid` in place of `amount` goes back outside, as an operator decided."""

    bill_id: str
    amount: Money
    paid: str


@dataclass(frozen=True, slots=True)
class ProviderTroubled(Event):
    """A provider of bills fails; for the admins."""

    provider: str


@dataclass(frozen=True, slots=True)
class PayoutEvent(PersonEvent):
    """`method` as in `payouts.Method`. Where the money goes is in no event."""

    payout_id: str
    amount: Money
    method: str


@dataclass(frozen=True, slots=True)
class PayoutRequested(PayoutEvent):
    """Somebody asks for money; for the operators."""


@dataclass(frozen=True, slots=True)
class PayoutApproved(PayoutEvent):
    """An operator is going to pay it. A gift is sent at once instead."""


@dataclass(frozen=True, slots=True)
class PayoutPaid(PayoutEvent):
    """The money has left."""


@dataclass(frozen=True, slots=True)
class PayoutRefused(PayoutEvent):
    """An operator refused for the `reason`; the money is back in the wallet."""

    reason: str


@dataclass(frozen=True, slots=True)
class PayoutReturned(PayoutEvent):
    """The money is back in the wallet; `reason` as in `payouts.WhyReturned`."""

    reason: str


@dataclass(frozen=True, slots=True)
class PaymentRefunded(PersonEvent):
    """`owed` is what the wallet could not bear."""

    amount: Money
    owed: Money


@dataclass(frozen=True, slots=True)
class DebtOffset(PersonEvent):
    """`amount` of the person's money went to what a refunded payment had left open; `left` is still owed."""

    amount: Money
    left: Money


@dataclass(frozen=True, slots=True)
class SubscriptionStarted(PersonEvent):
    until: datetime


@dataclass(frozen=True, slots=True)
class SubscriptionEnded(PersonEvent):
    """Nothing was paid for the days that follow."""


@dataclass(frozen=True, slots=True)
class SubscriptionShortened(PersonEvent):
    """The payment for days of it went back; they end at `until` now."""

    until: datetime


@dataclass(frozen=True, slots=True)
class RenewalChanged(PersonEvent):
    """Telegram renews a subscription again, or no longer; `state` as in `renewals.RenewalState`.

    `until` is where the paid days end. `another` one is still renewed. `request_id` is for the one payment from the
    wallet that may make up for it.
    """

    state: str
    until: datetime | None
    another: bool
    request_id: str


AnyEvent = (
    LotSold
    | LotUnsold
    | LotCancelled
    | LotBegan
    | LotEndingSoon
    | LotDelivered
    | AddressGiven
    | DealReminded
    | MoneyReleased
    | MoneyReturned
    | LotDisputed
    | DisputeAnswered
    | DisputeWithdrawn
    | DealFroze
    | DealThawed
    | LotRated
    | SecondChanceOffered
    | SecondChanceDeclined
    | SecondChanceExpired
    | PaymentCredited
    | BillEnded
    | BillPuzzling
    | BillDiffers
    | BillReturned
    | ProviderTroubled
    | PayoutRequested
    | PayoutApproved
    | PayoutPaid
    | PayoutRefused
    | PayoutReturned
    | PaymentRefunded
    | DebtOffset
    | SubscriptionStarted
    | SubscriptionEnded
    | SubscriptionShortened
    | RenewalChanged
)
EVENTS: dict[str, type[AnyEvent]] = {kind.__name__: kind for kind in get_args(AnyEvent)}
