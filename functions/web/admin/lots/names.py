"""States of lots and deals, and outcomes of reports, in words for operators."""

from __future__ import annotations

from starbid.domain.auction import Status
from starbid.domain.deals import Deal
from starbid.domain.reports import Outcome
from starbid.i18n import Language
from starbid.services.desk.lot_lists import HIDDEN, DealList


def lot_states(words: Language) -> dict[str, str]:
    _ = words._
    return {
        Status.LIVE.value: _("Live now"),
        Status.SCHEDULED.value: _("Scheduled"),
        Status.CLOSING.value: _("Closing"),
        Status.SOLD.value: _("Sold"),
        Status.UNSOLD.value: _("Not sold"),
        Status.CANCELLED.value: _("Taken down"),
        HIDDEN: _("Hidden"),
    }


def deal_lists(words: Language) -> dict[DealList, str]:
    _ = words._
    return {
        DealList.DISPUTED: _("Disputes"),
        DealList.OPEN: _("All open"),
        DealList.AWAITING_ADDRESS: _("Waiting for the address"),
        DealList.AWAITING_DELIVERY: _("Waiting for delivery"),
        DealList.DELIVERED: _("Sent"),
        DealList.FROZEN: _("On hold"),
        DealList.COMPLETED: _("Completed"),
        DealList.REFUNDED: _("Refunded"),
    }


def deal_state(deal: Deal, words: Language) -> str:
    if deal.frozen_at is not None:
        return words._("On hold")
    if deal.is_disputed:
        return words._("Disputed")
    return deal_lists(words)[DealList(deal.state.value)]


def outcome_name(outcome: Outcome, words: Language) -> str:
    _ = words._
    names = {
        Outcome.DISMISSED: _("nothing wrong"),
        Outcome.MOVED: _("moved to another category"),
        Outcome.HIDDEN: _("hidden"),
        Outcome.CANCELLED: _("withdrawn"),
    }
    return names[outcome]


def act_name(action: str, words: Language) -> str:
    """Of an entry of the audit trail that is about a lot or a deal; unknown ones stay as they are."""
    _ = words._
    names = {
        "hide-lot": _("Hid the lot"),
        "show-lot": _("Put the lot back into the lists"),
        "move-lot": _("Moved the lot"),
        "cancel-lot": _("Withdrew the lot"),
        "settle-reports": _("Settled the reports"),
        "dismiss-reports": _("Dismissed the reports"),
        "settle-dispute": _("Settled the dispute"),
    }
    return names.get(action, action)
