"""A buyer's objection to a deal: what both sides say, and how it ends (spec, section 3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from starbid.domain.deal_errors import AlreadyDisputed, WrongDealState
from starbid.domain.deals import (
    UNDELIVERED,
    Deal,
    DealState,
    complete,
    moved,
    refund,
    require,
    require_due,
    require_in_time,
    resumed,
    running,
    undelivered_state,
)
from starbid.domain.evidence import joined
from starbid.domain.ledger import Transfer
from starbid.domain.texts import read_text

DISPUTE_LENGTH = 2000
ANSWER_LENGTH = 2000
REASON_LENGTH = 500
DISPUTE_TIME = timedelta(days=30)
"""A dispute that nobody has decided by then decides itself."""


def dispute(deal: Deal, person_id: int, text: str, now: datetime, pictures: tuple[str, ...] = ()) -> Deal:
    """The buyer objects (1 to 2000 characters, 5 pictures at most), from the sale on and once: an admin settles it, or
    30 days do.

    Too late once the money is due to move by itself, whether or not that has been done. Its time counts for no
    deadline. A deal that was frozen is disputed instead.
    """
    text = read_text("text", text, 1, DISPUTE_LENGTH)
    pictures = joined((), pictures)
    require_dispute(deal, person_id, now)
    freeze_left = deal.due_at - now if deal.frozen_at and deal.due_at else timedelta(0)
    deal = replace(running(deal, now), freeze_left=freeze_left)
    left = deal.due_at - now if deal.due_at else timedelta(0)
    due = now + DISPUTE_TIME
    said = replace(deal, dispute=text, dispute_pictures=pictures)
    return moved(said, state=DealState.DISPUTED, disputed_at=now, left=left, due_at=due)


def require_dispute(deal: Deal, person_id: int, now: datetime) -> None:
    """Whether the buyer may still object. Raises NotYours, WrongDealState, AlreadyDisputed."""
    require(deal, person_id, deal.buyer_id, *UNDELIVERED, DealState.DELIVERED)
    if deal.dispute is not None:
        raise AlreadyDisputed
    require_in_time(deal, now)


def withdraw(deal: Deal, person_id: int, now: datetime) -> Deal:
    """The buyer takes the objection back: the deal goes on where it stood, with the time that was left."""
    require_withdrawal(deal, person_id, now)
    assert deal.disputed_at is not None
    state = DealState.DELIVERED if deal.is_delivered else undelivered_state(deal)
    return moved(resumed(deal, deal.disputed_at, now), state=state)


def require_withdrawal(deal: Deal, person_id: int, now: datetime) -> None:
    """Whether the buyer may take the objection back. Raises NotYours, WrongDealState."""
    require(deal, person_id, deal.buyer_id, DealState.DISPUTED)
    require_in_time(deal, now)


def decide_by_time(deal: Deal, now: datetime) -> tuple[Deal, Transfer]:
    """Undecided for 30 days: what was delivered is paid for, else the price goes back."""
    require_due(deal, DealState.DISPUTED, now)
    return complete(deal, now) if deal.is_delivered else refund(deal, now)


def answer(deal: Deal, person_id: int, text: str, pictures: tuple[str, ...] = ()) -> Deal:
    """The seller's side of a dispute (1 to 2000 characters, 5 pictures at most), until it is resolved; of several texts
    the last one counts, pictures come on top.

    The same again changes nothing.
    """
    require_answer(deal, person_id)
    text, pictures = read_text("text", text, 1, ANSWER_LENGTH), joined(deal.answer_pictures, pictures)
    same = (text, pictures) == (deal.answer, deal.answer_pictures)
    return deal if same else moved(deal, answer=text, answer_pictures=pictures)


def require_answer(deal: Deal, person_id: int) -> None:
    """Whether the seller may answer. Raises NotYours, WrongDealState."""
    require(deal, person_id, deal.seller_id, DealState.DISPUTED)


def resolve(deal: Deal, release: bool, reason: str, now: datetime) -> tuple[Deal, Transfer]:
    """An admin ends a dispute: release to the seller, or refund to the buyer without a fee. 1 to 500 characters why."""
    reason = read_text("reason", reason, 1, REASON_LENGTH)
    require_disputed(deal)
    resolved = replace(deal, reason=reason)
    return complete(resolved, now) if release else refund(resolved, now)


def is_resolved_so(deal: Deal, release: bool, reason: str) -> bool:
    """Whether an admin has ended the dispute just so, with this reason: what was sent twice is done."""
    state = DealState.COMPLETED if release else DealState.REFUNDED
    return deal.state is state and deal.reason == reason.strip() != ""


def require_disputed(deal: Deal) -> None:
    """Whether there is something to decide. Raises WrongDealState."""
    if not deal.is_disputed:
        raise WrongDealState(deal.state)
