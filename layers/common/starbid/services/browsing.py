"""Finding lots and looking at them. Opening a lot that is due closes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starbid.domain.auction import Bid
from starbid.domain.errors import NotFound
from starbid.domain.kinds import kind_of
from starbid.domain.lots import Lot
from starbid.services.closing import Closing
from starbid.services.ports import Listing, Page, Search, Store
from starbid.services.views import LotView, view_lot
from starbid.services.words import stems


@dataclass(frozen=True, slots=True)
class MyBid:
    """A lot one has bid on, with one's latest bid on it."""

    view: LotView
    bid: Bid


class Browsing:
    """Reads for pages, chat and API."""

    def __init__(self, store: Store, closing: Closing) -> None:
        self._store, self._closing = store, closing

    def lot(self, auction_id: str, viewer_id: int | None, now: datetime, *, fresh: bool = False) -> LotView:
        """One lot; `fresh` after an act of the viewer's own. Raises NotFound."""
        lot = self._read(auction_id, fresh)
        if lot.auction.is_due(now):
            self._closing.close_if_due(lot.auction, now)
            lot = self._store.lot(auction_id, consistent=True)
        return view_lot(lot, viewer_id, now)

    def _read(self, auction_id: str, fresh: bool) -> Lot:
        """A lot is looked for again before it is said not to exist: it may be a moment old."""
        try:
            return self._store.lot(auction_id, consistent=fresh)
        except NotFound:
            if fresh:
                raise
            return self._store.lot(auction_id, consistent=True)

    def live(self, search: Search, now: datetime) -> Page[Listing]:
        """The lots that are live at `now`: the projection may be seconds behind the clock."""
        page = self._store.listings(search)
        return Page(tuple(lot for lot in page.items if lot.starts_at <= now < lot.ends_at), page.cursor)

    def bids(self, auction_id: str, limit: int, cursor: str | None = None) -> Page[Bid]:
        return self._store.bids(auction_id, limit=limit, cursor=cursor)

    def lots_of(self, seller_id: int, viewer_id: int, now: datetime, cursor: str | None = None) -> Page[LotView]:
        page = self._store.lots_of_seller(seller_id, cursor=cursor)
        return Page(tuple(view_lot(lot, viewer_id, now) for lot in page.items), page.cursor)

    def bids_of(self, user_id: int, now: datetime, cursor: str | None = None) -> Page[MyBid]:
        """The lots a person has bid on, by their latest bid; a lot may come again on a later page."""
        page = self._store.bids_of(user_id, cursor=cursor)
        latest: dict[str, Bid] = {}
        for bid in page.items:
            latest.setdefault(bid.auction_id, bid)
        lots = self._store.lots(latest)
        mine = tuple(MyBid(view_lot(lots[i], user_id, now), bid) for i, bid in latest.items() if i in lots)
        return Page(mine, page.cursor)


def listing_of(lot: Lot, now: datetime) -> Listing:
    """The projection of a lot for lists."""
    auction, card = lot.auction, lot.card
    public = kind_of(auction.terms.kind).view(auction, now)
    return Listing(
        auction_id=auction.id,
        version=auction.version + card.version,
        seller_id=auction.seller_id,
        title=card.title,
        picture=card.pictures[0] if card.pictures else None,
        category=card.category,
        goods=card.goods,
        kind=auction.terms.kind,
        status=auction.status(now).value,
        price=public.price,
        bids_count=auction.bids_count,
        buy_now_price=public.buy_now_price,
        starts_at=auction.starts_at,
        ends_at=auction.ends_at,
        created_at=card.created_at,
        words=frozenset(stems(f"{card.title} {card.description}")),
    )
