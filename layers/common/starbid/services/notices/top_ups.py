"""Notices about money from outside: to the one who asked for it, and to the admins where they have to act."""

from __future__ import annotations

from starbid.domain.events import (
    BillDiffers,
    BillEnded,
    BillPuzzling,
    BillReturned,
    LedgerDiffers,
    ProviderTroubled,
)
from starbid.services.notices.registry import Crowd, News, kind, tells, to_one

BILL_ENDED = to_one(BillEnded, "bill_ended", "user_id", "bill_id", "amount", "state")
BILL_PUZZLING = to_one(BillPuzzling, "bill_puzzling", "user_id", "bill_id", "amount", "said")
BILL_RETURNED = to_one(BillReturned, "bill_returned", "user_id", "bill_id", "amount", "paid")
BILL_DIFFERS = kind("bill_differs")
BILL_TO_REVIEW = kind("bill_to_review")
PROVIDER_TROUBLED = kind("provider_troubled")
LEDGER_DIFFERS = kind("ledger_differs")


@tells(BillDiffers)
def bill_differs(event: BillDiffers) -> News:
    facts = {"bill_id": event.bill_id, "amount": event.amount, "paid": event.paid}
    own = BILL_DIFFERS.of(event, event.user_id, **facts)
    return News((own,), (Crowd.ADMINS,), lambda admin: BILL_TO_REVIEW.of(event, admin, **facts))


@tells(ProviderTroubled)
def provider_troubled(event: ProviderTroubled) -> News:
    return News((), (Crowd.ADMINS,), lambda admin: PROVIDER_TROUBLED.of(event, admin, provider=event.provider))


@tells(LedgerDiffers)
def ledger_differs(event: LedgerDiffers) -> News:
    return News((), (Crowd.ADMINS,), lambda admin: LEDGER_DIFFERS.of(event, admin))
