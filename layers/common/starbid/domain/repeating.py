"""Whether what was refused is what the same person has done before: a form that was sent twice, a button pressed twice.

Each step happens once; who asks for it again is told that it has happened, and not that it is impossible.
"""

from __future__ import annotations

from datetime import datetime

from starbid.domain.deal_rules import DealStep
from starbid.domain.deals import UNDELIVERED, Deal, DealState
from starbid.domain.second_chance_offer import Offer, OfferState


def is_done(
    step: DealStep,
    deal: Deal,
    person_id: int | None,
    text: str = "",
    stars: int | None = None,
    pictures: tuple[str, ...] = (),
) -> bool:
    """Whether this side of the deal has taken the step already: with these words and pictures, where it takes any."""
    text, state = text.replace("\r\n", "\n").strip(), deal.state
    is_seller, is_buyer = person_id == deal.seller_id, person_id == deal.buyer_id
    match step:
        case DealStep.GIVE_ADDRESS:  # the same address again is no refusal (services.deals.addressing)
            return False
        case DealStep.DELIVER:
            return is_seller and deal.is_delivered and not deal.files and deal.delivery == text
        case DealStep.CONFIRM:
            return is_buyer and state is DealState.COMPLETED and not deal.reason
        case DealStep.TAKE_BACK:
            return is_buyer and state is DealState.REFUNDED and not deal.reason
        case DealStep.DISPUTE:
            return is_buyer and deal.is_disputed and deal.dispute == text and {*pictures} <= {*deal.dispute_pictures}
        case DealStep.WITHDRAW:
            is_open = state in (*UNDELIVERED, DealState.DELIVERED)
            return is_buyer and is_open and deal.dispute is not None
        case DealStep.ANSWER:
            return is_seller and deal.answer == text and {*pictures} <= {*deal.answer_pictures}
        case DealStep.RATE:
            mine = [rating for rating in deal.ratings if rating.by_seller is is_seller]
            return (is_seller or is_buyer) and any((rating.stars, rating.text) == (stars, text) for rating in mine)


def is_offered(offer: Offer | None, now: datetime) -> bool:
    """Whether the seller's offer of a second chance is made, and waits for its answer."""
    return offer is not None and offer.is_open(now)


def is_answered(offer: Offer | None, person_id: int | None, state: OfferState) -> bool:
    """Whether its receiver has given just this answer."""
    return offer is not None and (offer.to_id, offer.state) == (person_id, state)
