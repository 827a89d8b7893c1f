"""Notices about the AI helper's answers that were bought, given, taken or withdrawn. What was asked is in none."""

from __future__ import annotations

from starbid.domain.events import CreditsBought, CreditsChanged, CreditsWithdrawn
from starbid.services.notices.registry import News, kind, tells, to_one

BOUGHT = to_one(CreditsBought, "credits_bought", "user_id", "credits", "price", "from_wallet")
CHANGED = to_one(CreditsChanged, "credits_changed", "user_id", "change", "credits")
WITHDRAWN = kind("credits_withdrawn")


@tells(CreditsWithdrawn)
def credits_withdrawn(event: CreditsWithdrawn) -> News:
    """What was used up is gone already: of that there is nothing to tell but that the payment went back."""
    if not event.credits:
        return News()
    return News((WITHDRAWN.of(event, event.user_id, credits=event.credits),))
