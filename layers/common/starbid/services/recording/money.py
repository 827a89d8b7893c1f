"""Bills, payouts and subscriptions. Money that moved is in the ledger, which the log follows by itself (rows.py)."""

from __future__ import annotations

from starbid.domain.event_log import LogKind
from starbid.domain.events import (
    BillDiffers,
    BillEnded,
    BillPuzzling,
    BillReturned,
    DebtOffset,
    LedgerDiffers,
    PaymentCredited,
    PaymentRefunded,
    PayoutApproved,
    PayoutPaid,
    PayoutRefused,
    PayoutRequested,
    PayoutReturned,
    ProviderTroubled,
    RefundFailed,
    RefundRefused,
    RefundRequested,
    RenewalChanged,
    SubscriptionEnded,
    SubscriptionEnding,
    SubscriptionShortened,
    SubscriptionStarted,
)
from starbid.domain.ledger import TransferKind
from starbid.services.recording.registry import entry, logged, logs, name, unlogged

TOPUP, PAYMENT, PAYOUT, SUBSCRIPTION = LogKind.TOPUP, LogKind.PAYMENT, LogKind.PAYOUT, LogKind.SUBSCRIPTION
TOP_UPS = frozenset({TransferKind.STARS, TransferKind.TOP_UP})
"""Movements that are top-ups; all others are payments."""
for _kind in TransferKind:
    name(TOPUP if _kind in TOP_UPS else PAYMENT, _kind.value)

logs(BillEnded, TOPUP, "bill_ended", facts=("amount", "state"))
logs(BillPuzzling, TOPUP, "bill_puzzling", facts=("amount",))
logs(BillDiffers, TOPUP, "bill_differs", facts=("amount",))
logs(BillReturned, TOPUP, "bill_returned", facts=("amount",))
for _event, _name in (
    (PayoutRequested, "requested"),
    (PayoutApproved, "approved"),
    (PayoutPaid, "paid"),
    (PayoutRefused, "refused"),
    (PayoutReturned, "returned"),
):
    logs(_event, PAYOUT, _name, facts=("amount", "method"))
for _refund, _stage in (
    (RefundRequested, "refund_requested"),
    (RefundRefused, "refund_refused"),
    (RefundFailed, "refund_failed"),
):
    logs(_refund, PAYMENT, _stage, facts=("amount",))
logs(SubscriptionStarted, SUBSCRIPTION, "started", facts=("until",))
logs(SubscriptionEnding, SUBSCRIPTION, "ending", facts=("until",))
logs(SubscriptionEnded, SUBSCRIPTION, "ended")
logs(SubscriptionShortened, SUBSCRIPTION, "shortened", facts=("until",))
logs(RenewalChanged, SUBSCRIPTION, "renewal", facts=("state", "until", "another"))
PROVIDER = name(LogKind.ERROR, "provider")
logged(ProviderTroubled, lambda event: (entry(event, LogKind.ERROR, PROVIDER, None, {"provider": event.provider}),))
DIFFERENCE = name(LogKind.ERROR, "difference")
logged(LedgerDiffers, lambda event: (entry(event, LogKind.ERROR, DIFFERENCE, None, {}),))
unlogged(PaymentCredited, PaymentRefunded, DebtOffset)  # the ledger tells them
