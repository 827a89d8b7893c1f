"""When a deal reminds the side that it waits for: early enough to act before it moves on by itself.

The buyer who has given no address hears of it 3 and 10 days after the sale, the seller who has sent nothing 2 days
before the buyer may take the money back, the buyer of a physical lot 3 days before the seller is paid. A dispute and a
freeze stop reminders with the clock.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from starbid.domain.deal_errors import WrongDealState
from starbid.domain.deals import ADDRESS_TIME, Deal, DealState, DealTimes, may_take_back_at, moved

ADDRESS_AFTER = (timedelta(days=3), timedelta(days=10))
DELIVERY_BEFORE = timedelta(days=2)
RELEASE_BEFORE = timedelta(days=3)


def with_reminder(deal: Deal, now: datetime, times: DealTimes) -> Deal:
    """The deal with the next moment at which it reminds; None where it does not any more."""
    return replace(deal, remind_at=min((at for at in _moments(deal, times) if at > now), default=None))


def after_step(before: Deal, after: Deal, now: datetime, times: DealTimes) -> Deal:
    """The same for a deal that a step has moved on; one that touches no clock leaves the reminder as it was."""
    clocks = [(deal.state, deal.due_at, deal.remind_at) for deal in (before, after)]
    return after if clocks[0] == clocks[1] else with_reminder(after, now, times)


def remind(deal: Deal, now: datetime) -> Deal:
    """It has reminded; of moments that passed meanwhile it does so once. Raises WrongDealState before that."""
    if deal.remind_at is None or now < deal.remind_at:
        raise WrongDealState(deal.state)
    return moved(deal, remind_at=None)


def is_due(deal: Deal, now: datetime) -> bool:
    """Whether it has to remind now: what moves on by itself reminds nobody any more."""
    if deal.remind_at is None or deal.due_at is None:
        return False
    return deal.remind_at <= now < deal.due_at


def _moments(deal: Deal, times: DealTimes) -> tuple[datetime, ...]:
    """Measured from the deadline where one is near, so that what stood still counts for no reminder either."""
    if deal.due_at is None or deal.frozen_at is not None:
        return ()
    match deal.state:
        case DealState.AWAITING_ADDRESS:
            began = deal.due_at - ADDRESS_TIME
            return tuple(began + after for after in ADDRESS_AFTER)
        case DealState.AWAITING_DELIVERY:
            return (may_take_back_at(deal, times) - DELIVERY_BEFORE,)
        case DealState.DELIVERED if deal.is_physical:
            return (deal.due_at - RELEASE_BEFORE,)
        case _:
            return ()
