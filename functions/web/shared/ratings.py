"""What the two sides of a completed deal think of each other: the form, the waiting, and what may be seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starbid.domain.deal_ratings import visible_ratings
from starbid.domain.deals import Deal, DealState
from starbid.domain.ratings import MOST_STARS, RATING_TIME, Rating
from starbid.i18n import Language


@dataclass(frozen=True)
class ShownRating:
    """`title` says whose it is."""

    title: str
    stars: int
    text: str
    at: datetime


@dataclass(frozen=True)
class RatingBox:
    """`asks` is the question of the form; empty where it has been answered. `waits` says why a rating is not shown."""

    asks: str
    scale: tuple[tuple[int, str], ...]
    waits: str
    waits_until: datetime | None
    shown: tuple[ShownRating, ...]


def rating_box(deal: Deal, is_buyer: bool, words: Language, now: datetime, *, asks: bool) -> RatingBox | None:
    """For one of the two sides of a completed deal; None before that. `asks`: they may still rate."""
    if deal.state is not DealState.COMPLETED or deal.ended_at is None:
        return None
    _ = words._
    visible = visible_ratings(deal, now)
    waits = _("Your rating appears when the other side has rated too, or") if not asks and not visible else ""
    return RatingBox(
        asks="" if not asks else _("How was the seller?") if is_buyer else _("How was the buyer?"),
        scale=_scale(words),
        waits=waits,
        waits_until=deal.ended_at + RATING_TIME if waits else None,
        shown=tuple(_shown(rating, is_buyer, words) for rating in visible),
    )


def _shown(rating: Rating, is_buyer: bool, words: Language) -> ShownRating:
    _ = words._
    yours = rating.by_seller is not is_buyer
    other = _("The seller about you") if is_buyer else _("The buyer about you")
    mine = _("You about the seller") if is_buyer else _("You about the buyer")
    return ShownRating(mine if yours else other, rating.stars, rating.text, rating.at)


def _scale(words: Language) -> tuple[tuple[int, str], ...]:
    """Best first, as the row of stars is laid out from the right."""
    return tuple((n, words.ngettext("{n} star", "{n} stars", n)) for n in range(MOST_STARS, 0, -1))
