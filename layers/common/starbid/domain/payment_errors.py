"""Named refusals of payments: what must not be paid, and what cannot go back."""

from __future__ import annotations

from starbid.domain.errors import StarbidError
from starbid.domain.money import Money


class PaymentRefused(StarbidError, code="payment_refused"):
    """A payment that must not go through. `reason` is one of `payload`, `amount`, `currency`, `person`, `blocked`,
    `expired`, `paid`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason, reason=reason)
        self.reason = reason


class NotRefundable(StarbidError, code="not_refundable"):
    """The charge is unknown, not this person's, has been refunded, or what it bought is in use."""


class SpentAlready(NotRefundable):
    """The person has spent what they bought: of all charges together `refundable` can go back."""

    def __init__(self, refundable: Money) -> None:
        super().__init__(f"{refundable.amount} can go back", refundable=refundable.amount)
        self.refundable = refundable


class AlreadyExplained(StarbidError, code="already_explained"):
    """Somebody has explained this difference, or it has been booked."""


class NotBookable(StarbidError, code="not_bookable"):
    """Telegram's list does not prove what to book of this difference. `reason`: `kind` for a fault that is no payment,
    `gone` where the list has another transaction there, `person` where it names nobody, `amount` for no whole Stars.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason, reason=reason)
        self.reason = reason


class NotPaidYet(StarbidError, code="not_paid"):
    """The money that an act waits for has not arrived."""


class ActLapsed(StarbidError, code="act_lapsed"):
    """The money came so late that the person is asked once more what to do with it."""


class GivenBack(StarbidError, code="given_back"):
    """The money that came for an act has been refunded since."""
