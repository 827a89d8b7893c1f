"""Who may take which step of a deal, at a moment: asked for what is offered, of the rules that refuse."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from starbid.domain.addresses import require_address
from starbid.domain.deal_ratings import may_rate
from starbid.domain.deals import Deal, DealTimes, require_confirmation, require_delivery, require_taking_back
from starbid.domain.disputes import require_answer, require_dispute, require_withdrawal
from starbid.domain.errors import passes


class DealStep(StrEnum):
    """What a side of a deal can do about it. What an admin does (`disputes.resolve`) is none of these."""

    GIVE_ADDRESS = "give_address"
    DELIVER = "deliver"
    CONFIRM = "confirm"
    TAKE_BACK = "take_back"
    DISPUTE = "dispute"
    WITHDRAW = "withdraw"
    ANSWER = "answer"
    RATE = "rate"


def open_steps(deal: Deal, person_id: int | None, now: datetime, times: DealTimes) -> frozenset[DealStep]:
    """The steps that this person may take now: none for one who is no side of the deal."""
    allowed = {
        DealStep.GIVE_ADDRESS: passes(require_address, deal, person_id, now),
        DealStep.DELIVER: passes(require_delivery, deal, person_id, now),
        DealStep.CONFIRM: passes(require_confirmation, deal, person_id),
        DealStep.TAKE_BACK: passes(require_taking_back, deal, person_id, now, times),
        DealStep.DISPUTE: passes(require_dispute, deal, person_id, now),
        DealStep.WITHDRAW: passes(require_withdrawal, deal, person_id, now),
        DealStep.ANSWER: passes(require_answer, deal, person_id),
        DealStep.RATE: may_rate(deal, person_id),
    }
    return frozenset(step for step, may in allowed.items() if may)
