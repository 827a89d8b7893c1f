"""Whether a lot is what somebody's saved search looks for."""

from __future__ import annotations

from datetime import datetime

from starbid.domain.lots import Lot
from starbid.domain.saved_searches import SavedSearch
from starbid.services.auctions.browsing import listing_of
from starbid.services.ports import Catalogue


def fits(search: SavedSearch, lot: Lot, words: frozenset[str], catalogue: Catalogue, now: datetime) -> bool:
    """By what the lists go by, too; nobody is told of their own lot. `words` are those that find it."""
    if search.user_id == lot.auction.seller_id:
        return False
    row = listing_of(lot, now)
    if not search.criteria.admits(row.category, row.kind, row.price):
        return False
    return words.issuperset(catalogue.asked(search.criteria.text))
