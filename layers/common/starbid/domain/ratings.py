"""What the two sides of a deal think of each other (spec, section 3, "Deal").

Ratings are blind: they appear when both are given, or `RATING_TIME` after the deal was completed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from starbid.domain.errors import Invalid
from starbid.domain.people import Reputation
from starbid.domain.texts import read_text

RATING_DAYS = 7
RATING_TIME = timedelta(days=RATING_DAYS)
RATING_LENGTH = 1000
LEAST_STARS, MOST_STARS = 1, 5


@dataclass(frozen=True, slots=True)
class Rating:
    """What one side says of the other: 1 to 5 `stars` and a text (may be empty), as it was typed."""

    by_seller: bool
    stars: int
    text: str
    at: datetime


def read_rating(by_seller: bool, stars: int, text: str, now: datetime) -> Rating:
    """A checked rating; raises Invalid for stars out of 1 to 5 or a text over 1000 characters."""
    if not LEAST_STARS <= stars <= MOST_STARS:
        raise Invalid("stars", "range", least=LEAST_STARS, most=MOST_STARS)
    return Rating(by_seller, stars, read_text("text", text, 0, RATING_LENGTH), now)


def earned(ratings: Iterable[Rating], *, as_seller: bool) -> Reputation:
    """What `ratings` give to the seller of the deal, or else to its buyer."""
    stars = [rating.stars for rating in ratings if rating.by_seller is not as_seller]
    if as_seller:
        return Reputation(seller_stars=sum(stars), seller_ratings=len(stars))
    return Reputation(buyer_stars=sum(stars), buyer_ratings=len(stars))
