"""What happened to a person's money, and to what they paid for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starbid.domain.events.base import Event, PersonEvent
from starbid.domain.money import Money


@dataclass(frozen=True, slots=True)
class PaymentCredited(PersonEvent):
    """`purpose` is what the payment was for, as in `payments.Purpose`. `bill_id`: of the bill that it paid, if it did;
    `awaits` names the act that waited for that money, as `unfinished.ACTS` does, `price` what it spends at most.
    """

    amount: Money
    purpose: str
    bill_id: str = ""
    awaits: str = ""
    price: Money | None = None


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
class LedgerDiffers(Event):
    """A comparison with Telegram met what is not booked as it is there; for the admins."""


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
class RefundRequested(PersonEvent):
    """Somebody asks for a payment back; for the operators. `mark` names the charge; why is in no event."""

    mark: str
    amount: Money


@dataclass(frozen=True, slots=True)
class RefundRefused(PersonEvent):
    """An operator refused what was asked for, for the `reason`."""

    amount: Money
    reason: str


@dataclass(frozen=True, slots=True)
class RefundFailed(PersonEvent):
    """Telegram did not take a payment back that was to go back; what it bought is as it was before."""

    amount: Money


@dataclass(frozen=True, slots=True)
class DebtOffset(PersonEvent):
    """`amount` of the person's money went to what a refunded payment had left open; `left` is still owed."""

    amount: Money
    left: Money


@dataclass(frozen=True, slots=True)
class SubscriptionStarted(PersonEvent):
    until: datetime


@dataclass(frozen=True, slots=True)
class SubscriptionEnding(PersonEvent):
    """The paid days end at `until`, which is soon, and nothing renews them."""

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
