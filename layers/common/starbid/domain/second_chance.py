"""A second chance: the runner-up of an English lot takes it when the winner's deal fell through (spec, section 6)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from starbid.domain import settlement
from starbid.domain.auction import Auction
from starbid.domain.deals import Deal, DealState, DealTimes
from starbid.domain.errors import NoRunnerUp, NotSold, NotYours, StarbidError, WrongDealState, WrongOfferState
from starbid.domain.kinds.english import English
from starbid.domain.lots import Card, Lot
from starbid.domain.money import Money
from starbid.domain.offers import OFFER_TIME, Offer, OfferState
from starbid.domain.settlement import Settled


@dataclass(frozen=True, slots=True)
class Taken:
    """An accepted offer: the old deal with it, and the lot `sold` anew with its words and pictures."""

    deal: Deal
    card: Card
    sold: Settled


def offer(lot: Lot, seller_id: int, now: datetime) -> Deal:
    """The seller offers a refunded lot to its runner-up at the runner-up's own maximum, for 48 hours, once.

    Raises NotYours, NotSold, WrongDealState, NoRunnerUp, WrongOfferState.
    """
    auction, deal = lot.auction, _deal_of(lot)
    if seller_id != auction.seller_id:
        raise NotYours
    if deal.state is not DealState.REFUNDED:
        raise WrongDealState(deal.state)
    bid_on = auction.terms.kind == English.name and not auction.bought  # a purchase leaves maxima secret
    if not bid_on or auction.runner_up_id is None or auction.runner_up_maximum is None:
        raise NoRunnerUp
    if deal.offer:
        raise WrongOfferState(deal.offer.standing(now))
    if deal.relisted:
        raise WrongOfferState("relisted")
    made = Offer(auction.runner_up_id, auction.runner_up_maximum, now + OFFER_TIME)
    return replace(deal, offer=made, due_at=made.until, version=deal.version + 1)


def price_to_offer(lot: Lot, now: datetime) -> Money | None:
    """What the runner-up would be asked for; None where there is no offer to be made, or none any more."""
    try:
        made = offer(lot, lot.auction.seller_id, now).offer
    except StarbidError:
        return None
    return made.price if made else None


def accept(
    lot: Lot, person_id: int, new_id: str, salt: str, fee_percent: int, times: DealTimes, now: datetime
) -> Taken:
    """The runner-up takes the offer: a lot `new_id` like the old one, bought at once at the price of the offer.

    Raises NotYours, NotSold, WrongOfferState.
    """
    deal = _answered(lot, person_id, OfferState.ACCEPTED, now)
    assert deal.offer is not None
    price = deal.offer.price
    terms = replace(lot.auction.terms, reserve_price=None, buy_now_price=price)
    ends_at = now + (lot.auction.scheduled_end - lot.auction.starts_at)
    fresh = Auction(new_id, lot.auction.seller_id, terms, now, ends_at, ends_at, terms.start_price, salt)
    sold = settlement.buy_now(fresh, person_id, price, fee_percent, times, now)
    assert sold.deal is not None
    sold = replace(sold, deal=replace(sold.deal, second_of=lot.auction.id))
    card = replace(lot.card, auction_id=new_id, created_at=now, version=1)
    return Taken(deal, card, sold)


def decline(lot: Lot, person_id: int, now: datetime) -> Deal:
    """The runner-up does not want it. Raises NotYours, NotSold, WrongOfferState."""
    return _answered(lot, person_id, OfferState.DECLINED, now)


def lapse(deal: Deal, now: datetime) -> Deal:
    """The time of an offer is over, and nobody answered it. Raises WrongOfferState where that is not so, and where the
    seller has put the lot up again: they know.
    """
    if deal.offer is None or deal.relisted:
        raise WrongOfferState("relisted" if deal.relisted else "none")
    return _after_offer(deal, deal.offer.lapsed(now))


def _answered(lot: Lot, person_id: int, state: OfferState, now: datetime) -> Deal:
    deal = _deal_of(lot)
    if deal.offer is None:
        raise WrongOfferState("none")
    return _after_offer(deal, deal.offer.answered(person_id, state, now))


def _after_offer(deal: Deal, offer: Offer) -> Deal:
    """Nothing of the deal moves by itself any more."""
    return replace(deal, offer=offer, due_at=None, version=deal.version + 1)


def _deal_of(lot: Lot) -> Deal:
    if lot.deal is None:
        raise NotSold
    return lot.deal
