"""What buyers say of a seller, in words: the average, how the stars are spread, and their reviews."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from starbid.i18n import Language
from starbid.services.deals.reviews import Review, Spread
from web.shared.ratings import ShownRating


@dataclass(frozen=True)
class StarsRow:
    """How many of `of` reviews gave so many stars."""

    stars: int
    name: str
    count: int
    of: int


@dataclass(frozen=True)
class ShownSpread:
    """`about` says where not all reviews are counted."""

    rows: tuple[StarsRow, ...]
    about: str


@dataclass(frozen=True)
class ShownReview:
    """`auction_id` is None where the lot is not to be seen."""

    rating: ShownRating
    auction_id: str | None
    title: str


def shown_spread(spread: Spread, words: Language) -> ShownSpread | None:
    """None where nobody has rated yet."""
    if not spread.total:
        return None
    rows = tuple(
        StarsRow(stars, words.ngettext("{n} star", "{n} stars", stars), count, spread.total)
        for stars, count in spread.counts
    )
    latest = words.ngettext("The latest {n} rating.", "The latest {n} ratings.", spread.total)
    return ShownSpread(rows, "" if spread.is_whole else latest)


def shown_reviews(reviews: Iterable[Review]) -> tuple[ShownReview, ...]:
    """Reviews as everybody sees them: who wrote them is not told."""
    return tuple(
        ShownReview(ShownRating("", each.rating.stars, each.rating.text, each.rating.at), each.auction_id, each.title)
        for each in reviews
    )
