"""Putting a lot up again that found no lasting buyer (spec, section 6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from starbid.domain.auction import Auction, Ending, Terms
from starbid.domain.deals import Deal, DealState
from starbid.domain.errors import NotRelistable, NotYours
from starbid.domain.lots import Lot
from starbid.domain.offers import OfferState

_WITHOUT_BUYER = (Ending.UNSOLD, Ending.CANCELLED)


def relist(old: Lot, terms: Terms, seller_id: int, new_id: str, salt: str, now: datetime) -> tuple[Lot, Deal | None]:
    """The same words, pictures and duration once more, from now on, on the seller's `terms`; and the old deal, which
    notes it: whoever sells it anew need not hear that an offer of it has just expired.

    Raises NotYours; NotRelistable while the lot runs, for one that is sold for good, and while the runner-up has an
    offer of it.
    """
    auction = old.auction
    if seller_id != auction.seller_id:
        raise NotYours
    require_free(old, now)
    ends_at = now + (auction.scheduled_end - auction.starts_at)
    fresh = Auction(new_id, seller_id, terms, now, ends_at, ends_at, terms.start_price, salt)
    card = replace(old.card, auction_id=new_id, created_at=now, version=1)
    noted = replace(old.deal, relisted=True, due_at=None, version=old.deal.version + 1) if old.deal else None
    return Lot(fresh, card), noted


def may_relist(lot: Lot, now: datetime) -> bool:
    """Whether its seller may put the lot up again. Of an unsold lot it is not known that it was."""
    try:
        require_free(lot, now)
    except NotRelistable:
        return False
    return not (lot.deal and lot.deal.relisted)


def require_free(lot: Lot, now: datetime) -> None:
    """Raises NotRelistable unless the lot ended without a buyer, or its deal was refunded and nobody has an offer.

    What an admin took down stays down.
    """
    if lot.auction.cancel_reason:  # an admin's: the seller gives none
        raise NotRelistable(lot.auction.status(now).value)
    if lot.auction.ending in _WITHOUT_BUYER:
        return
    deal = lot.deal
    if deal is None or deal.state is not DealState.REFUNDED:
        raise NotRelistable(lot.auction.status(now).value)
    if deal.offer and (deal.offer.is_open(now) or deal.offer.state is OfferState.ACCEPTED):
        raise NotRelistable("offered")
