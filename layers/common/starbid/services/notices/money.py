"""Notices to one person about their money and their right to sell."""

from __future__ import annotations

from starbid.domain.events import (
    DebtOffset,
    PaymentCredited,
    PaymentRefunded,
    RenewalChanged,
    SubscriptionEnded,
    SubscriptionEnding,
    SubscriptionShortened,
    SubscriptionStarted,
)
from starbid.services.notices.registry import to_one

CREDITED = to_one(PaymentCredited, "credited", "user_id", "amount", "bill_id", "awaits", "price")
REFUNDED = to_one(PaymentRefunded, "refunded", "user_id", "amount", "owed")
DEBT_OFFSET = to_one(DebtOffset, "debt_offset", "user_id", "amount", "left")
SUBSCRIBED = to_one(SubscriptionStarted, "subscribed", "user_id", "until")
SUBSCRIPTION_ENDING = to_one(SubscriptionEnding, "subscription_ending", "user_id", "until")
SUBSCRIPTION_ENDED = to_one(SubscriptionEnded, "subscription_ended", "user_id")
SUBSCRIPTION_SHORTENED = to_one(SubscriptionShortened, "subscription_shortened", "user_id", "until")
RENEWAL = to_one(RenewalChanged, "renewal", "user_id", "state", "until", "another", "request_id")
