"""What buyers say of a seller: their reviews, page by page, and how the stars are spread."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.domain.deal_ratings import counted_review
from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.domain.ratings import LEAST_STARS, MOST_STARS, Rating
from starbid.services.ports import Page, Store

PAGE = 10
SPREAD_OVER = 200
"""The latest reviews whose stars are counted: one read, however many there are."""


@dataclass(frozen=True, slots=True)
class Review:
    """A rating, and the lot that it is about; no lot where operators hid it."""

    rating: Rating
    auction_id: str | None
    title: str


@dataclass(frozen=True, slots=True)
class Spread:
    """How many of the counted reviews gave so many stars, five first. `is_whole`: all are counted, else the latest."""

    counts: tuple[tuple[int, int], ...]
    is_whole: bool

    @property
    def total(self) -> int:
        return sum(count for _, count in self.counts)


class Reviews:
    """Reads the reviews that count for a seller's reputation. Anybody may see them.

    Who left and came again has none of those from before: the reputation began at nothing.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def latest(self, seller: Person, *, limit: int = PAGE, cursor: str | None = None) -> Page[Review]:
        """The latest first. A page may hold fewer than `limit`. Raises Invalid for a cursor of another list."""
        page = self._store.reviews_of(seller.id, limit=limit, cursor=cursor)
        lots = self._store.lots(each.auction_id for each in page.items) if page.items else {}
        found = [lots[each.auction_id] for each in page.items if each.auction_id in lots]
        own = [lot for lot in found if seller.is_called(lot.card.seller_public_id)]
        ends = found[-1:] != own[-1:]
        return Page(tuple(review for lot in own if (review := _review(lot))), None if ends else page.cursor)

    def spread(self, seller: Person) -> Spread:
        """How the stars of the latest reviews are spread, of as many as the reputation has."""
        known = seller.reputation.seller_ratings
        rows = self._store.reviews_of(seller.id, limit=min(known, SPREAD_OVER)).items if known else ()
        stars = [each.stars for each in rows]
        counts = tuple((n, stars.count(n)) for n in range(MOST_STARS, LEAST_STARS - 1, -1))
        return Spread(counts, is_whole=known <= SPREAD_OVER)


def _review(lot: Lot) -> Review | None:
    rating = counted_review(lot.deal) if lot.deal else None
    if rating is None:
        return None
    hidden = lot.auction.hidden
    return Review(rating, None if hidden else lot.auction.id, "" if hidden else lot.card.title)
