"""Where to look next from a lot: others that are like it, and what else its seller sells."""

from __future__ import annotations

from datetime import datetime

from starbid.domain.lots import Card
from starbid.services.auctions.browsing import Browsing
from starbid.services.ports import Catalogue, Listing, Search, Store
from starbid.services.views import LotView, view_lot

SHOWN = 6
LOOKED_AT = 48
"""Lots of the category that a likeness is looked for among."""
NEWEST = 8
"""Lots of the seller that are looked at: more than are shown, as some may be over."""


class Related:
    """Bounded reads, however many lots there are."""

    def __init__(self, browsing: Browsing, catalogue: Catalogue, store: Store) -> None:
        self._browsing, self._catalogue, self._store = browsing, catalogue, store

    def similar(self, card: Card, now: datetime) -> tuple[Listing, ...]:
        """Live lots of the same category and of other sellers: those that share the most words of their titles come
        first, then what ends first.
        """
        page = self._browsing.live(Search(category=card.listed_in, limit=LOOKED_AT), now)
        others = [row for row in page.items if card.seller_public_id != row.seller_public_id]
        wanted = frozenset(self._catalogue.asked(card.title))
        likeness = {row.auction_id: len(wanted.intersection(self._catalogue.asked(row.title))) for row in others}
        return tuple(sorted(others, key=lambda row: -likeness[row.auction_id])[:SHOWN])

    def of_seller(self, card: Card, now: datetime) -> tuple[LotView, ...]:
        """The seller's newest lots that are still open, put up under the same public id, without the lot of the card
        and what operators hid. Lots of an earlier version carry no public id.
        """
        page = self._store.lots_of_seller(card.seller_id, limit=NEWEST)
        same = [lot for lot in page.items if card.seller_public_id in ("", lot.card.seller_public_id)]
        views = (
            view_lot(lot, None, now) for lot in same if lot.auction.id != card.auction_id and not lot.auction.hidden
        )
        return tuple(view for view in views if view.status.is_open)[:SHOWN]
