"""The live lots as lists show them, to be browsed and searched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from starbid.domain.auction import Terms
from starbid.domain.kinds import KINDS
from starbid.domain.kinds.descent import Descent
from starbid.domain.money import Money
from starbid.services.ports.pages import Page


@dataclass(frozen=True, slots=True)
class Search:
    """What a visitor looks for among the live lots. `limit` at most 48. Prices are in minor units of `currency`, which
    is given where one of them is.

    `text` as somebody typed it: a lot has all of its words, in any of their forms; one without a word or a sign to look
    for finds nothing, "" everything. Lots whose start comes after `begun_by` are left out: they wait among the others.
    """

    text: str = ""
    category: str | None = None
    kind: str | None = None
    currency: str | None = None
    min_price: int | None = None
    max_price: int | None = None
    sort: str = "ending"
    cursor: str | None = None
    limit: int = 24
    begun_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A lot as lists show it: a projection, seconds behind. `price` is `Kind.list_price`, what it is sorted by.

    `falls` are the terms of a lot whose price falls by the clock; None of any other.
    """

    auction_id: str
    version: int
    seller_public_id: str
    title: str
    picture: str | None
    category: str
    goods: str
    kind: str
    status: str
    price: Money
    bids_count: int
    buy_now_price: Money | None
    starts_at: datetime
    ends_at: datetime
    created_at: datetime
    falls: Terms | None = None

    def price_at(self, now: datetime) -> Money:
        """What it costs at `now`, as far as the projection knows."""
        return self._descent.price_after(now - self.starts_at) if self._descent else self.price

    def is_lowest(self, now: datetime) -> bool:
        """Whether the price has fallen as far as it does."""
        return self._descent is not None and self.price_at(now) == self._descent.floor

    @property
    def _descent(self) -> Descent | None:
        return KINDS[self.kind].descent(self.falls) if self.falls else None


class Catalogue(Protocol):
    """Lots to be listed and searched. It takes texts, and which of their words are the same is its own affair: a search
    service can take its place.
    """

    def find(self, search: Search) -> Page[Listing]:
        """Reads a bounded number of lots, however many there are. Raises Invalid for a cursor of another list."""

    def put(self, listing: Listing, description: str) -> None:
        """Writes it, to be found by its title and description, unless a later version is there; an ended lot leaves the
        lists.
        """

    def stale(self, limit: int) -> list[str]:
        """Ids of lots that are found as an older version of the program understood their texts; `put` renews them."""
