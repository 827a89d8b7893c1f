"""The live lots as lists show them, to be browsed and searched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from starbid.domain.auction import Terms
from starbid.domain.kinds import KINDS
from starbid.domain.kinds.descent import Descent
from starbid.domain.money import Money
from starbid.domain.pause import Pause, clock
from starbid.domain.pausing import moved_by, moved_start
from starbid.services.ports.pages import Page


@dataclass(frozen=True, slots=True)
class Search:
    """What a visitor looks for among the live lots. `limit` at most 48. Prices are in minor units of `currency`, which
    is given where one of them is.

    `text` as somebody typed it: a lot has all of its words, in any of their forms; one without a word or a sign to look
    for finds nothing, "" everything. Lots whose start comes after `begun_by` are left out: they wait among the others.
    `ends_from`: only lots whose row ends then or later; for the sort `ending` alone.
    Those that end after `ends_by` are left out too.
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
    ends_from: datetime | None = None
    ends_by: datetime | None = None


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
    carried: int = 0
    pauses: tuple[Pause, ...] = field(default=(), compare=False)

    def under(self, history: Iterable[Pause]) -> Listing:
        """As the lot stands under these pauses, which its row may know nothing of (`pausing.under`)."""
        listing, history = self, tuple(history)
        for pause in history:
            by = moved_by(pause, listing.starts_at, listing.ends_at) if pause.number > listing.carried else None
            if by:
                starts_at = moved_start(pause, listing.starts_at, by, falls=listing.falls is not None)
                listing = replace(listing, starts_at=starts_at, ends_at=listing.ends_at + by, carried=pause.number)
        return replace(listing, pauses=history) if history else listing

    def clock(self, now: datetime) -> datetime:
        """What its times are compared with: in a pause the moment at which it came to stand still."""
        return clock(self.pauses, self.starts_at, now)

    def stands_still(self, now: datetime) -> bool:
        return any(pause.holds(now) and self.ends_at > pause.began for pause in self.pauses)

    def price_at(self, now: datetime) -> Money:
        """What it costs at `now`, as far as the projection knows."""
        return self._descent.price_after(self.clock(now) - self.starts_at) if self._descent else self.price

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

    def asked(self, text: str) -> tuple[str, ...]:
        """What a search for this text looks for: a lot has all of it. () where there is nothing to look for."""

    def words(self, auction_id: str) -> frozenset[str]:
        """All that a lot of the lists is found by, of what `asked` gives; nothing of another one. Consistent."""

    def stale(self, limit: int) -> list[str]:
        """Ids of lots that are found as an older version of the program understood their texts; `put` renews them."""
