"""Photos that the two sides of a dispute show: how many, until when, and how they are named."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from starbid.domain.deal_errors import WrongDealState
from starbid.domain.deals import Deal, DealState, moved, require
from starbid.domain.errors import Invalid

MAX_EVIDENCE = 5
"""Photos of a side."""
EVIDENCE_LIFE = timedelta(days=180)
"""From the dispute on photos are shown for so long: it is decided within 30 days, and a payment can be contested for
some months. The rule of the bucket erases them a day later or more, as it counts from the day of each.
"""
_NAME_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Shown:
    """Ids of photos, by the side that shows them."""

    by_buyer: tuple[str, ...] = ()
    by_seller: tuple[str, ...] = ()

    def __contains__(self, picture_id: str) -> bool:
        return picture_id in self.by_buyer or picture_id in self.by_seller


def picture_name(auction_id: str, person_id: int, data: bytes) -> str:
    """The id of a photo, [0-9a-f]: the same for the same file of the same person, so that twice is like once."""
    return hashlib.sha256(f"{auction_id} {person_id} ".encode() + data).hexdigest()[:_NAME_LENGTH]


def joined(known: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    """All of them, each once. Raises Invalid for more than MAX_EVIDENCE."""
    together = tuple(dict.fromkeys((*known, *more)))
    if len(together) > MAX_EVIDENCE:
        raise Invalid("images", "too_many", most=MAX_EVIDENCE)
    return together


def shown(deal: Deal, now: datetime) -> Shown:
    """What its two sides and an operator may see."""
    if deal.disputed_at is None or now >= deal.disputed_at + EVIDENCE_LIFE:
        return Shown()
    return Shown(deal.dispute_pictures, deal.answer_pictures)


def own_pictures(deal: Deal, person_id: int) -> tuple[str, ...]:
    """What this side of the deal shows."""
    return deal.dispute_pictures if person_id == deal.buyer_id else deal.answer_pictures


def room(deal: Deal, person_id: int) -> int:
    """How many photos this side may still show with its words, as long as it may say any."""
    return MAX_EVIDENCE - len(own_pictures(deal, person_id))


def add(deal: Deal, person_id: int, pictures: tuple[str, ...]) -> Deal:
    """More photos of a side that has said something, until the dispute is settled. Those that are there already change
    nothing. Raises NotYours, WrongDealState, Invalid.
    """
    require_more(deal, person_id)
    known = own_pictures(deal, person_id)
    together = joined(known, pictures)
    if together == known:
        return deal
    is_buyer = person_id == deal.buyer_id
    return moved(deal, dispute_pictures=together) if is_buyer else moved(deal, answer_pictures=together)


def require_more(deal: Deal, person_id: int) -> None:
    """Whether this side may add photos to its words. Raises NotYours, WrongDealState."""
    side = deal.seller_id if person_id == deal.seller_id else deal.buyer_id
    require(deal, person_id, side, DealState.DISPUTED)
    if side == deal.seller_id and deal.answer is None:
        raise WrongDealState(deal.state)
