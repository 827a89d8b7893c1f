"""Finding lots and looking at them. Opening a lot that is due closes it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starbid.domain import audit
from starbid.domain.auction import Auction, Bid, BidKind, Ending, Status
from starbid.domain.audit_rows import opened_of
from starbid.domain.errors import LogNotReady, NotClosed, NotFound
from starbid.domain.kinds import is_hidden, kind_of
from starbid.domain.lots import Card, Lot
from starbid.domain.money import DEFAULT_CURRENCY, Money
from starbid.domain.people import Person
from starbid.domain.roles import Right
from starbid.domain.wallet import Wallet
from starbid.services.auctions.bid_history import BidHistories, BidHistory
from starbid.services.auctions.closing import Closing
from starbid.services.auctions.hidden import has_part_in
from starbid.services.auctions.live_rows import LiveRows
from starbid.services.auctions.replaying import FEW_BIDS
from starbid.services.operators import Operators
from starbid.services.pauses import PauseNews
from starbid.services.ports import Catalogue, Listing, Page, Search, Store
from starbid.services.views import LotView, ShownBid, show_bids, view_lot

LOG_SECONDS = 5
MOST_OPEN = 50
HIDDEN = "hidden"
"""The status of a lot in the lists that operators took out of them."""


@dataclass(frozen=True, slots=True)
class MyBid:
    """A lot one has bid on, with one's latest bid on it."""

    view: LotView
    bid: Bid


@dataclass(frozen=True, slots=True)
class FoundLots:
    """Lots as they are now, the first of `count`. `more`: there may be others, even where there is none here."""

    views: tuple[LotView, ...]
    count: int
    more: bool


class Browsing:
    """Reads for pages, chat and API."""

    def __init__(
        self, store: Store, catalogue: Catalogue, closing: Closing, operators: Operators, news: PauseNews
    ) -> None:
        self._store, self._rows, self._closing = store, LiveRows(catalogue, news), closing
        self._operators, self._news = operators, news
        self._histories = BidHistories(store)

    def lot(self, auction_id: str, viewer_id: int | None, now: datetime, *, fresh: bool = False) -> LotView:
        """One lot; `fresh` after an act of the viewer's own. Raises NotFound, also of a hidden one for those who have
        nothing to do with it.
        """
        lot = self._shown_to(viewer_id, self._closed_if_due(self._read(auction_id, fresh), now))
        self._news.learn(lot.auction.pauses, now)
        return view_lot(lot, viewer_id, now, self._staked(lot.auction, viewer_id, fresh))

    def card(self, auction_id: str, viewer_id: int) -> Card:
        """The words of a lot for who may see it, and nothing is done about it. Raises NotFound, as `lot` does."""
        return self._shown_to(viewer_id, self._store.lot(auction_id)).card

    def lot_and_person(self, auction_id: str, viewer_id: int, now: datetime) -> tuple[LotView, Person | None, Wallet]:
        """One lot with who looks at it and their wallet of Stars, in one read where nothing is to be done about it.

        Raises NotFound, as `lot` does.
        """
        batch = self._store.batch()
        found, person = batch.lot(auction_id), batch.person(viewer_id)
        stars = batch.wallet(viewer_id, DEFAULT_CURRENCY)
        batch.fetch()
        lot = self._shown_to(viewer_id, self._closed_if_due(found.value or self._read(auction_id, True), now))
        self._news.learn(lot.auction.pauses, now)
        wallet = stars.value or Wallet.empty(viewer_id, DEFAULT_CURRENCY)
        return view_lot(lot, viewer_id, now, self._staked(lot.auction, viewer_id, False, wallet)), person.value, wallet

    def _closed_if_due(self, lot: Lot, now: datetime) -> Lot:
        if not lot.auction.is_due(now):
            return lot
        self._closing.close_if_due(lot.auction, now)
        return self._store.lot(lot.auction.id, consistent=True)

    def _shown_to(self, viewer_id: int | None, lot: Lot) -> Lot:
        """What operators hide is there for its seller, for those who bid on it and for operators. To everybody else it
        is not there, as if it had never been: that it is looked into is nobody's business. Raises NotFound.
        """
        if lot.auction.hidden and not (viewer_id is not None and self._has_to_do_with(lot.auction, viewer_id)):
            raise NotFound
        return lot

    def _has_to_do_with(self, auction: Auction, person_id: int) -> bool:
        """Only of a hidden lot it is asked, so that the reads cost no other page anything."""
        return has_part_in(self._store, auction, person_id) or self._operators.may(person_id, Right.SEE)

    def _staked(
        self, auction: Auction, viewer_id: int | None, fresh: bool, wallet: Wallet | None = None
    ) -> Money | None:
        """The viewer's sealed bid; `wallet` is one of theirs that has been read."""
        if viewer_id is None or not is_hidden(auction):
            return None
        if wallet is None or wallet.currency != auction.currency:
            wallet = self._store.wallet(viewer_id, auction.currency, consistent=fresh)
        return wallet.stakes.get(auction.id)

    def _read(self, auction_id: str, fresh: bool) -> Lot:
        """A lot is looked for again before it is said not to exist: it may be a moment old."""
        try:
            return self._store.lot(auction_id, consistent=fresh)
        except NotFound:
            if fresh:
                raise
            return self._store.lot(auction_id, consistent=True)

    def live(self, search: Search, now: datetime, enough: int = 1) -> Page[Listing]:
        """The lots that are live at `now`: the projection may be seconds behind the clock. Pages of the catalogue may
        hold little of what is looked for, so they are read until there are `enough`.
        """
        page, history = self._rows.read(search, now, enough), self._news.history(now)
        return Page(tuple(row.under(history) for row in page.items), page.cursor)

    def found(self, search: Search, viewer_id: int, now: datetime, shown: int) -> FoundLots:
        """The first lots of a search that are live, of which so many are shown."""
        page = self.live(search, now, shown)
        ids = [listing.auction_id for listing in page.items]
        views = self.shown(ids[:shown], viewer_id, now)
        live = tuple(view for view in views if view.status is Status.LIVE)
        return FoundLots(live, len(ids), more=page.cursor is not None)

    def shown(self, ids: Sequence[str], viewer_id: int, now: datetime) -> tuple[LotView, ...]:
        """Lots as they are now, whatever became of them, but for those that operators hid."""
        lots = self._store.lots(ids) if ids else {}
        there = (lots[auction_id] for auction_id in ids if auction_id in lots)
        return tuple(view_lot(lot, viewer_id, now) for lot in there if not lot.auction.hidden)

    def bids(self, auction: Auction, limit: int, cursor: str | None = None) -> Page[ShownBid]:
        """Newest first; none of a sealed lot before it has ended."""
        if is_hidden(auction):
            return Page(())
        page = self._store.bids(auction.id, limit=limit, cursor=cursor)
        return Page(show_bids(auction, page.items, from_newest=cursor is None), page.cursor)

    def history(self, auction: Auction, most: int) -> BidHistory:
        """The bids as people read them, up to `most`; none of a sealed lot before it has ended."""
        return self._histories.of(auction, most)

    def log(self, auction_id: str, now: datetime) -> dict[str, Any]:
        """The log of a lot that has ended, as `domain.audit` writes it, made on the spot where it has few bids.

        Raises NotFound, NotClosed, and LogNotReady where there are more than FEW_BIDS: such a log is had as a file
        (`services.bid_logs`).
        """
        auction = self._closed_if_due(self._read(auction_id, True), now).auction  # a hidden lot's can be checked too
        if not auction.is_final:
            raise NotClosed
        if auction.bids_count > FEW_BIDS:
            raise LogNotReady(LOG_SECONDS)
        rows = self._store.bids_after(auction.id, 0, FEW_BIDS)
        return audit.log_of(auction, rows, opened_of(auction, rows))

    def own_opening(self, view: LotView) -> dict[str, Any] | None:
        """What proves the winner's own maximum, for the winner alone: the entry's number, the amount and the salt.

        None for everybody else, and where nothing was committed to because the lot was bought at its price.
        """
        auction = view.lot.auction
        if not view.is_buyer or auction.ending is not Ending.SOLD or view.viewer_id is None:
            return None
        own = self._store.last_bid(auction, view.viewer_id)
        return audit.opening(auction, own) if own and own.kind is not BidKind.BUY else None

    def lots_of(self, seller_id: int, viewer_id: int, now: datetime, cursor: str | None = None) -> Page[LotView]:
        """Their hidden ones only for themselves."""
        page = self._store.lots_of_seller(seller_id, cursor=cursor)
        shown = (lot for lot in page.items if viewer_id == seller_id or not lot.auction.hidden)
        return Page(tuple(view_lot(lot, viewer_id, now) for lot in shown), page.cursor)

    def offered_by(self, person: Person, viewer_id: int, now: datetime, cursor: str | None = None) -> Page[LotView]:
        """What somebody put up under their present public id; hidden ones only for themselves.

        It ends where lots begin that they put up before they left and came again.
        """
        page = self._store.lots_of_seller(person.id, cursor=cursor)
        own = [lot for lot in page.items if person.is_called(lot.card.seller_public_id)]
        shown = (lot for lot in own if viewer_id == person.id or not lot.auction.hidden)
        ends = len(own) < len(page.items)
        return Page(tuple(view_lot(lot, viewer_id, now) for lot in shown), None if ends else page.cursor)

    def in_escrow(self, person_id: int, now: datetime, *, is_buyer: bool) -> tuple[LotView, ...]:
        """The lots that the person has bought, or has sold, whose deal is open: what is due first comes first.

        However old they are; of the newest `MOST_OPEN`.
        """
        sold, bought = self._store.open_deals_of(person_id, MOST_OPEN)
        ids = bought if is_buyer else sold
        lots = self._store.lots(ids) if ids else {}
        views = (view_lot(lots[i], person_id, now) for i in ids if i in lots)
        return tuple(sorted(views, key=lambda view: _due(view, now)))

    def bids_of(
        self, user_id: int, now: datetime, cursor: str | None = None, among: Collection[str] | None = None
    ) -> Page[MyBid]:
        """The lots a person has bid on, by their latest bid; a lot may come again on a later page.

        `among`: only these lots are of interest, so no others are read.
        """
        page = self._store.bids_of(user_id, cursor=cursor)
        latest: dict[str, Bid] = {}
        for bid in page.items:
            if among is None or bid.auction_id in among:
                known = latest.get(bid.auction_id, bid)  # the one that arrived last may not be the last decided
                latest[bid.auction_id] = max(known, bid, key=lambda each: each.number)
        lots = self._store.lots(latest) if latest else {}
        mine = (MyBid(_own_view(lots[i], bid, now), bid) for i, bid in latest.items() if i in lots)
        return Page(tuple(mine), page.cursor)


def _due(view: LotView, now: datetime) -> datetime:
    return view.deal.due_at or now if view.deal else now


def _own_view(lot: Lot, bid: Bid, now: datetime) -> LotView:
    """The lot as the bidder of `bid`, their latest one, sees it."""
    staked = bid.maximum if bid.sealed and not lot.auction.is_final else None
    return view_lot(lot, bid.bidder_id, now, staked)


def listing_of(lot: Lot, now: datetime) -> Listing:
    """The projection of a lot for lists."""
    auction, card = lot.auction, lot.card
    return Listing(
        auction_id=auction.id,
        version=auction.version + card.version,
        seller_public_id=card.seller_public_id,
        title=card.title,
        picture=card.pictures[0] if card.pictures else None,
        category=card.listed_in,
        goods=card.goods,
        kind=auction.terms.kind,
        status=HIDDEN if auction.hidden else auction.status(now).value,
        price=kind_of(auction).list_price(auction),
        bids_count=auction.bids_count,
        buy_now_price=kind_of(auction).view(auction, now).buy_now_price,
        starts_at=auction.starts_at,
        ends_at=auction.ends_at,
        created_at=card.created_at,
        falls=auction.terms if kind_of(auction).falls else None,
        carried=auction.carried,
    )
