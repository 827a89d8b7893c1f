"""Named refusals of payments: what must not be paid, and what cannot go back."""

from __future__ import annotations

from typing import Any

from starbid.domain.errors import StarbidError
from starbid.domain.money import Money


class PaymentRefused(StarbidError):
    """A payment that must not go through. `reason` is one of `payload`, `amount`, `currency`, `person`, `blocked`."""

    code = "payment_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def details(self) -> dict[str, Any]:
        return {"reason": self.reason}


class NotRefundable(StarbidError):
    """The charge is unknown, not this person's, has been refunded, or what it bought is in use."""

    code = "not_refundable"


class SpentAlready(NotRefundable):
    """The person has spent what they bought: of all charges together `refundable` can go back."""

    def __init__(self, refundable: Money) -> None:
        super().__init__(f"{refundable.amount} can go back")
        self.refundable = refundable

    @property
    def details(self) -> dict[str, Any]:
        return {"refundable": self.refundable.amount}
