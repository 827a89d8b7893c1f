"""Where a deal stands, and until when: the deadlines that its two sides are told (spec, section 3, "Deal")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from starbid.domain.deals import Deal, DealState, DealTimes, may_take_back_at


class Phase(StrEnum):
    """What a deal waits for. `ADDRESSING`: for the buyer's address. `LATE`: for a delivery that the buyer need not wait
    for any longer.
    """

    ADDRESSING = "addressing"
    SENDING = "sending"
    LATE = "late"
    PAUSED = "paused"
    CONFIRMING = "confirming"
    DISPUTED = "disputed"
    PAID_OUT = "paid_out"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Progress:
    """`moves_at`: when the money moves by itself, None once it has. `send_by`: from then on the buyer may take it back,
    None where nothing is waited for. `is_over`: `moves_at` has come, and nobody has moved it yet.
    """

    phase: Phase
    moves_at: datetime | None
    send_by: datetime | None
    is_over: bool


def progress(deal: Deal, now: datetime, times: DealTimes) -> Progress:
    """How the deal stands at `now`."""
    phase = _phase(deal, now, times)
    if not deal.is_open:  # a completed deal is due once more, for its ratings
        return Progress(phase, None, None, is_over=False)
    waits = phase in (Phase.SENDING, Phase.LATE)
    is_over = deal.due_at is not None and now >= deal.due_at
    return Progress(phase, deal.due_at, send_by(deal, times) if waits else None, is_over)


def send_by(deal: Deal, times: DealTimes) -> datetime:
    """Until when the seller has time to deliver; the return by itself ends it too, where it comes first."""
    by = may_take_back_at(deal, times)
    return by if deal.due_at is None else min(by, deal.due_at)


def _phase(deal: Deal, now: datetime, times: DealTimes) -> Phase:
    match deal.state:
        case DealState.AWAITING_ADDRESS | DealState.AWAITING_DELIVERY if deal.frozen_at:
            return Phase.PAUSED
        case DealState.AWAITING_ADDRESS:
            return Phase.ADDRESSING
        case DealState.AWAITING_DELIVERY:
            return Phase.LATE if now >= may_take_back_at(deal, times) else Phase.SENDING
        case DealState.DELIVERED:
            return Phase.CONFIRMING
        case DealState.DISPUTED:
            return Phase.DISPUTED
        case DealState.COMPLETED:
            return Phase.PAID_OUT
        case _:
            return Phase.RETURNED
