"""States of lots, deals and payments, in a word or two for a table."""

from __future__ import annotations

from starbid.domain.auction import Status
from starbid.domain.bills import BillState
from starbid.domain.deals import Deal, DealState
from starbid.domain.payments import ChargeState
from starbid.domain.tickets import TicketState
from starbid.i18n import Language


def lot_status(status: Status, words: Language) -> str:
    _ = words._
    names = {
        Status.SCHEDULED: _("scheduled"),
        Status.LIVE: _("live"),
        Status.CLOSING: _("closing"),
        Status.SOLD: _("sold"),
        Status.UNSOLD: _("not sold"),
        Status.CANCELLED: _("withdrawn"),
    }
    return names[status]


def deal_state(deal: Deal, words: Language) -> str:
    _ = words._
    if deal.frozen_at:
        return _("paused by a debt")
    names = {
        DealState.AWAITING_ADDRESS: _("waits for the address"),
        DealState.AWAITING_DELIVERY: _("waits for delivery"),
        DealState.DELIVERED: _("delivered"),
        DealState.DISPUTED: _("disputed"),
        DealState.COMPLETED: _("completed"),
        DealState.REFUNDED: _("money returned"),
    }
    return names[deal.state]


def charge_state(state: ChargeState, words: Language) -> str:
    _ = words._
    names = {
        ChargeState.CREDITED: _("credited"),
        ChargeState.REFUNDING: _("refund under way"),
        ChargeState.REFUNDED: _("refunded"),
    }
    return names[state]


def bill_state(state: BillState, words: Language) -> str:
    _ = words._
    names = {
        BillState.CREATING: _("being made"),
        BillState.WAITING: _("waits for payment"),
        BillState.PAID: _("credited"),
        BillState.REJECTED: _("cancelled"),
        BillState.EXPIRED: _("expired"),
        BillState.FAILED: _("failed"),
        BillState.DIFFERENT: _("differs from what was paid"),
        BillState.RETURNED: _("returned"),
    }
    return names[state]


def ticket_state(state: TicketState, words: Language) -> str:
    _ = words._
    names = {
        TicketState.OPEN: _("waits for us"),
        TicketState.WAITING: _("waits for the person"),
        TicketState.CLOSED: _("closed"),
    }
    return names[state]
