"""All lots and all deals as operators list them. A page costs the same however many there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from starbid.domain.deals import Deal, DealState
from starbid.domain.errors import NotFound
from starbid.domain.lots import Lot
from starbid.services.ports import Page, Store

T = TypeVar("T")

SHOWN = 50
LOOKED_AT = 300
"""Lots that one page looks through, at most, for those that are asked for."""
HIDDEN = "hidden"
"""Beside the statuses of lots: what operators took out of the lists."""


@dataclass(frozen=True, slots=True)
class LotFilter:
    """Which lots are asked for; empty fields ask for all. `words` are parts of the title, or the id of a lot."""

    status: str = ""
    category: str = ""
    kind: str = ""
    seller_id: int | None = None
    words: str = ""

    def fits(self, lot: Lot, now: datetime) -> bool:
        auction, card = lot.auction, lot.card
        title = card.title.casefold()
        return (
            (not self.status or _has_status(lot, self.status, now))
            and self.category in ("", card.listed_in)
            and self.kind in ("", auction.terms.kind)
            and self.seller_id in (None, auction.seller_id)
            and all(word in title for word in self.words.casefold().split())
        )


class DealList(StrEnum):
    """What is asked for of the deals. The first two groups have an index of their own; those that are over are found
    among all lots, newest first.
    """

    DISPUTED = "disputed"
    OPEN = "open"
    FROZEN = "frozen"
    AWAITING_ADDRESS = "awaiting_address"
    AWAITING_DELIVERY = "awaiting_delivery"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """`more`: the cursor of what was not looked at yet; there may be none of these among it."""

    items: tuple[T, ...]
    more: str | None


class LotLists:
    """Reads for operators, a moment behind. All raise Invalid for a cursor of another list."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def lots(self, asked: LotFilter, now: datetime, cursor: str | None = None) -> Found[Lot]:
        """Newest first; of a seller by the index of theirs."""
        if asked.words and not cursor and (lot := self._by_id(asked.words)):
            return Found((lot,), None)

        def read(after: str | None) -> Page[Lot]:
            if asked.seller_id is not None:
                return self._store.lots_of_seller(asked.seller_id, limit=SHOWN, cursor=after)
            return self._store.lots_by_creation(None, _later(now), limit=SHOWN, cursor=after)

        return _search(read, lambda lot: asked.fits(lot, now), cursor)

    def deals(self, which: DealList, now: datetime, cursor: str | None = None) -> Found[Lot]:
        """Lots with their deals. Disputes: the oldest first, all that are looked at on one page; other open deals: what
        moves on by itself next comes first; those that are over: the newest lot first.
        """
        if which is DealList.DISPUTED:
            return Found(self._with_lots(self._store.open_disputes(SHOWN)), None)
        if which in (DealList.COMPLETED, DealList.REFUNDED):
            state = DealState(which.value)
            return _search(
                lambda after: self._store.lots_by_creation(None, _later(now), limit=SHOWN, cursor=after),
                lambda lot: lot.deal is not None and lot.deal.state is state,
                cursor,
            )
        found = _search(
            lambda after: self._store.open_deals(limit=SHOWN, cursor=after), lambda deal: _is(deal, which), cursor
        )
        return Found(self._with_lots(found.items), found.more)

    def deals_of(self, person_id: int, which: DealList | None, cursor: str | None = None) -> Found[Lot]:
        """A person's deals on both sides, in any state where none is asked for: the latest sale first."""

        def fits(lot: Lot) -> bool:
            return lot.deal is not None and (which is None or _is(lot.deal, which))

        return _search(lambda after: self._store.deals_of(person_id, limit=SHOWN, cursor=after), fits, cursor)

    def _by_id(self, typed: str) -> Lot | None:
        try:
            return self._store.lot(typed.strip()) if typed.strip().isalnum() and typed.isascii() else None
        except NotFound:
            return None

    def _with_lots(self, deals: tuple[Deal, ...] | list[Deal]) -> tuple[Lot, ...]:
        ids = [deal.auction_id for deal in deals]
        lots = self._store.lots(ids) if ids else {}
        return tuple(lots[auction_id] for auction_id in ids if auction_id in lots and lots[auction_id].deal)


def _search(read: Callable[[str | None], Page[T]], fits: Callable[[T], bool], cursor: str | None) -> Found[T]:
    """Whole pages, until there are enough or it is enough."""
    found: list[T] = []
    looked = 0
    while True:
        page = read(cursor)
        found += filter(fits, page.items)
        looked, cursor = looked + SHOWN, page.cursor
        if cursor is None or len(found) >= SHOWN or looked >= LOOKED_AT:
            return Found(tuple(found), cursor)


def _has_status(lot: Lot, status: str, now: datetime) -> bool:
    return lot.auction.hidden if status == HIDDEN else lot.auction.status(now).value == status


def _is(deal: Deal, which: DealList) -> bool:
    match which:
        case DealList.OPEN:
            return deal.is_open
        case DealList.FROZEN:
            return deal.frozen_at is not None
        case _:
            return deal.state.value == which.value and deal.frozen_at is None


def _later(now: datetime) -> datetime:
    """What was put up at this very moment is there too."""
    return now + timedelta(seconds=1)
