"""Putting a lot up again that found no lasting buyer (spec, section 6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from starbid.domain.auction import Auction, Ending, Terms
from starbid.domain.deal_errors import NotRelistable
from starbid.domain.deals import DealState
from starbid.domain.errors import NotYours, passes
from starbid.domain.lots import Lot, on_card
from starbid.domain.second_chance_offer import OfferState

_WITHOUT_BUYER = (Ending.UNSOLD, Ending.CANCELLED)


def relist(old: Lot, terms: Terms, seller_id: int, new_id: str, salt: str, now: datetime) -> tuple[Lot, Auction]:
    """The same words, pictures and duration once more, from now on, on the seller's `terms`; and the old lot, which
    notes it: a seller who sells it again need not hear that an offer of it has just expired.

    Raises NotYours; NotRelistable while the lot runs, for one that is sold for good, and while the runner-up has an
    offer of it.
    """
    auction = old.auction
    require_relistable(old, seller_id, now)
    ends_at = now + auction.duration
    card = replace(old.card, auction_id=new_id, created_at=now, version=1)
    fresh = Auction(new_id, seller_id, terms, now, ends_at, ends_at, terms.start_price, salt, hidden=auction.hidden)
    return Lot(on_card(fresh, card), card), _noted(auction, now)


def _noted(auction: Auction, now: datetime) -> Auction:
    offer = auction.offer
    over = offer.lapsed(now) if offer and offer.state is OfferState.OPEN else offer
    return replace(auction, relisted=True, offer=over, version=auction.version + 1)


def may_relist(lot: Lot, person_id: int | None, now: datetime) -> bool:
    """Whether this person may put the lot up again, and has not: `relist` answers a second time with the same lot."""
    return not lot.auction.relisted and passes(require_relistable, lot, person_id, now)


def require_relistable(lot: Lot, person_id: int, now: datetime) -> None:
    """Raises NotYours; NotRelistable unless the lot ended without a buyer, or its deal was refunded and nobody has an
    offer. What an admin took down stays down.
    """
    auction, deal = lot.auction, lot.deal
    if person_id != auction.seller_id:
        raise NotYours
    if auction.cancel_reason:  # an admin's: the seller gives none
        raise NotRelistable(auction.status(now).value)
    if auction.ending not in _WITHOUT_BUYER and (deal is None or deal.state is not DealState.REFUNDED):
        raise NotRelistable(auction.status(now).value)
    if auction.offer and (auction.offer.is_open(now) or auction.offer.state is OfferState.ACCEPTED):
        raise NotRelistable("offered")
