"""Notices about refunds that people ask for: to the admins, and of what did not become one. That money went back is
told by `money.REFUNDED`. Why somebody asks is in none.
"""

from __future__ import annotations

from starbid.domain.events import RefundFailed, RefundRefused, RefundRequested
from starbid.services.notices.registry import Crowd, News, kind, tells, to_one

REQUESTED = kind("refund_requested")
"""To the admins: one of them is to decide."""
REFUSED = to_one(RefundRefused, "refund_refused", "user_id", "amount", "reason")
FAILED = to_one(RefundFailed, "refund_failed", "user_id", "amount")


@tells(RefundRequested)
def refund_requested(event: RefundRequested) -> News:
    facts = {"payer": event.user_id, "mark": event.mark, "amount": event.amount}
    return News((), (Crowd.ADMINS,), lambda admin: REQUESTED.of(event, admin, **facts))
