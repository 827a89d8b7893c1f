"""Ratings of a deal's two sides, hidden until both are given, and what a deal does to reputations (spec, section 3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from starbid.domain.deal_errors import AlreadyRated, WrongDealState
from starbid.domain.deals import Deal, DealState, moved, require_due
from starbid.domain.errors import NotYours, passes
from starbid.domain.money import CURRENCIES
from starbid.domain.people import Reputation
from starbid.domain.ratings import RATING_TIME, Rating, earned, read_rating

LEAST_COUNTED = 20
"""Whole units of the currency: a deal below this counts for nobody's reputation."""


def rate(deal: Deal, person_id: int, stars: int, text: str, now: datetime) -> Deal:
    """One side of a completed deal rates the other, once: 1 to 5 stars and up to 1000 characters."""
    rating = read_rating(person_id == deal.seller_id, stars, text, now)
    require_rating(deal, person_id)
    after = replace(deal, ratings=(*deal.ratings, rating))
    return moved(after, due_at=None if _may_show(after, now) else blind_until(after))


def require_rating(deal: Deal, person_id: int) -> None:
    """Whether this side has yet to rate a deal that is completed. Raises NotYours, WrongDealState, AlreadyRated."""
    if person_id not in (deal.seller_id, deal.buyer_id):
        raise NotYours
    if deal.state is not DealState.COMPLETED:
        raise WrongDealState(deal.state)
    if any(rating.by_seller is (person_id == deal.seller_id) for rating in deal.ratings):
        raise AlreadyRated


def may_rate(deal: Deal, person_id: int | None) -> bool:
    """Whether this person may rate the other side of the deal."""
    return passes(require_rating, deal, person_id)


def publish_ratings(deal: Deal, now: datetime) -> Deal:
    """The time of a rating that waited for the other one is over: it counts from now on."""
    require_due(deal, DealState.COMPLETED, now)
    return moved(deal, due_at=None)


def visible_ratings(deal: Deal, now: datetime) -> tuple[Rating, ...]:
    """The ratings that people may see: both, or after 7 days what there is."""
    return deal.ratings if _may_show(deal, now) else ()


def reputation_gains(before: Deal, after: Deal) -> dict[int, Reputation]:
    """What a step does to the counters of the two sides: a completed deal, and ratings that have just appeared.

    A rating counts from the step that takes the deal's `due_at` away, so that counters tell nothing of a hidden one.
    """
    gains = {
        person_id: _standing(after, as_seller) - _standing(before, as_seller)
        for person_id, as_seller in ((after.seller_id, True), (after.buyer_id, False))
    }
    return {person_id: gain for person_id, gain in gains.items() if gain}


def may_count(deal: Deal) -> bool:
    """Whether a deal is large enough for anybody's reputation; of each pair of people one counts (spec, section 3)."""
    return deal.price.amount >= LEAST_COUNTED * CURRENCIES[deal.price.currency].minor_units


def stands(deal: Deal) -> bool:
    """Whether it stands in the reputation of its two sides."""
    return deal.state is DealState.COMPLETED and deal.counts


def counted_ratings(deal: Deal) -> tuple[Rating, ...]:
    """Those that have appeared; none of a deal that waits for the other one."""
    return deal.ratings if deal.due_at is None else ()


def counted_review(deal: Deal) -> Rating | None:
    """What the buyer said of the seller, once it counts for the seller's reputation."""
    if not stands(deal):
        return None
    return next((rating for rating in counted_ratings(deal) if not rating.by_seller), None)


def _standing(deal: Deal, as_seller: bool) -> Reputation:
    """All that a deal has given so far to its seller, or else to its buyer."""
    if not stands(deal):
        return Reputation()
    done = Reputation(sold=1) if as_seller else Reputation(bought=1)
    return done + earned(counted_ratings(deal), as_seller=as_seller)


def _may_show(deal: Deal, now: datetime) -> bool:
    return len(deal.ratings) == 2 or (deal.ended_at is not None and now >= blind_until(deal))


def blind_until(deal: Deal) -> datetime:
    """When a rating of a completed deal appears, whether or not the other side has rated."""
    assert deal.ended_at is not None
    return deal.ended_at + RATING_TIME
