"""Notices about payouts: to who asked for the money, and of requests to the admins. Where it goes is in none."""

from __future__ import annotations

from starbid.domain.events import PayoutApproved, PayoutPaid, PayoutRefused, PayoutRequested, PayoutReturned
from starbid.services.notices.registry import Crowd, News, kind, tells, to_one

REQUESTED = kind("payout_requested")
"""To the admins: one of them is to decide."""
APPROVED = to_one(PayoutApproved, "payout_approved", "user_id", "amount", "method")
PAID = to_one(PayoutPaid, "payout_paid", "user_id", "amount", "method")
REFUSED = to_one(PayoutRefused, "payout_refused", "user_id", "amount", "method", "reason")
RETURNED = to_one(PayoutReturned, "payout_returned", "user_id", "amount", "method", "reason")


@tells(PayoutRequested)
def payout_requested(event: PayoutRequested) -> News:
    facts = {"payout_id": event.payout_id, "amount": event.amount, "method": event.method}
    return News((), (Crowd.ADMINS,), lambda admin: REQUESTED.of(event, admin, **facts))
