"""The bids of the in-memory store: of a lot in either order, and of a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starbid.domain.auction import Auction, Bid
from starbid.services.ports import Page

from .memory_lists import ms, page_of
from .memory_tables import Tables


class MemoryBids:
    """A part of FakeStore, which defines how tables are read."""

    _read: Callable[..., Tables]
    _all: Callable[[str, Callable[[Any], bool]], list[Any]]

    def bids(
        self,
        auction_id: str,
        *,
        limit: int = 50,
        cursor: str | None = None,
        below: int | None = None,
        consistent: bool = False,
    ) -> Page[Bid]:
        rows = [bid for bid in list(self._read("bids", consistent).bids.values()) if bid.auction_id == auction_id]
        rows = [bid for bid in rows if below is None or bid.number < below]
        return page_of(rows, lambda bid: (-bid.number,), limit, cursor)

    def bids_after(self, auction_id: str, number: int, limit: int) -> tuple[Bid, ...]:
        rows = self.bids(auction_id, limit=10**9, consistent=True).items
        return tuple(bid for bid in reversed(rows) if bid.number > number)[:limit]

    def last_bid(self, auction: Auction, bidder_id: int) -> Bid | None:
        rows = self.bids(auction.id, limit=10**9, consistent=True).items
        return next((bid for bid in rows if bid.bidder_id == bidder_id), None)

    def bids_of(self, user_id: int, *, limit: int = 50, cursor: str | None = None) -> Page[Bid]:
        rows = self._all("bids", lambda bid: bid.bidder_id == user_id)
        return page_of(rows, lambda bid: (-ms(bid.placed_at), bid.auction_id, -bid.number), limit, cursor)
