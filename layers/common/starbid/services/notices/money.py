"""Notices to one person about their money and their right to sell."""

from __future__ import annotations

from starbid.domain.events import (
    DebtOffset,
    PaymentCredited,
    PaymentRefunded,
    RenewalChanged,
    SubscriptionEnded,
    SubscriptionShortened,
    SubscriptionStarted,
)
from starbid.services.notices.registry import News, kind, tells

CREDITED = kind("credited")
REFUNDED = kind("refunded")
DEBT_OFFSET = kind("debt_offset")
SUBSCRIBED = kind("subscribed")
SUBSCRIPTION_ENDED = kind("subscription_ended")
SUBSCRIPTION_SHORTENED = kind("subscription_shortened")
RENEWAL = kind("renewal")


@tells(PaymentCredited)
def payment_credited(event: PaymentCredited) -> News:
    return News((CREDITED.of(event, event.user_id, amount=event.amount),))


@tells(PaymentRefunded)
def payment_refunded(event: PaymentRefunded) -> News:
    return News((REFUNDED.of(event, event.user_id, amount=event.amount, owed=event.owed),))


@tells(DebtOffset)
def debt_offset(event: DebtOffset) -> News:
    return News((DEBT_OFFSET.of(event, event.user_id, amount=event.amount, left=event.left),))


@tells(SubscriptionStarted)
def subscription_started(event: SubscriptionStarted) -> News:
    return News((SUBSCRIBED.of(event, event.user_id, until=event.until),))


@tells(SubscriptionEnded)
def subscription_ended(event: SubscriptionEnded) -> News:
    return News((SUBSCRIPTION_ENDED.of(event, event.user_id),))


@tells(SubscriptionShortened)
def subscription_shortened(event: SubscriptionShortened) -> News:
    return News((SUBSCRIPTION_SHORTENED.of(event, event.user_id, until=event.until),))


@tells(RenewalChanged)
def renewal_changed(event: RenewalChanged) -> News:
    facts = {"until": event.until, "another": event.another, "request_id": event.request_id}
    return News((RENEWAL.of(event, event.user_id, state=event.state, **facts),))
