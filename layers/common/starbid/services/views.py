"""A lot as one person may see it: the same for pages, chat and API."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from starbid.domain.auction import Auction, Bid, BidKind, Ending, Status
from starbid.domain.deals import Deal, DealState
from starbid.domain.errors import passes
from starbid.domain.kinds import Kind, is_hidden, kind_of
from starbid.domain.kinds.base import require_open
from starbid.domain.lots import Lot
from starbid.domain.money import Money


@dataclass(frozen=True, slots=True)
class AuctionView:
    """How `auction` stands for `viewer_id` at a moment. `your_maximum` is theirs only; the reserve stays hidden.

    `may_bid`: it is live, and not their own; one who has not logged in may, once they have. `reserve_met` is None where
    there is no reserve, or nobody may know yet. `stands_still`: a pause has stopped it; its time `left` is kept.
    """

    auction: Auction
    viewer_id: int | None
    status: Status
    price: Money
    next_min_bid: Money | None
    buy_now_price: Money | None
    leader: str | None
    you_lead: bool
    your_maximum: Money | None
    reserve_met: bool | None
    may_bid: bool
    stands_still: bool
    left: timedelta

    @property
    def kind(self) -> Kind:
        return kind_of(self.auction)


@dataclass(frozen=True, slots=True)
class LotView(AuctionView):
    """The same with the words and pictures of the lot; `deal` is there for the two it belongs to."""

    lot: Lot
    deal: Deal | None

    @property
    def is_seller(self) -> bool:
        return self.viewer_id == self.lot.auction.seller_id

    @property
    def is_buyer(self) -> bool:
        return self.lot.deal is not None and self.viewer_id == self.lot.deal.buyer_id

    @property
    def came_back(self) -> Money | None:
        """What of a winner's frozen maximum was not needed for the price, for the winner alone; None where nothing."""
        if not (self.is_buyer and self.you_lead and self.your_maximum) or self.lot.auction.ending is not Ending.SOLD:
            return None
        return self.your_maximum - self.price if self.your_maximum > self.price else None

    @property
    def is_completed(self) -> bool:
        """It was sold, and the seller was paid: what counts as a sale in public."""
        return self.lot.deal is not None and self.lot.deal.state is DealState.COMPLETED

    @property
    def fell_through(self) -> bool:
        """The buyer has the money back. Known to the two of the deal alone: for everybody else the lot is sold."""
        return self.deal is not None and self.deal.state is DealState.REFUNDED


@dataclass(frozen=True, slots=True)
class ShownBid:
    """A bid as everybody may see it. `price` is the lot's after it, in a sealed lot the bid itself; never a maximum.

    `price` is None where the amount stays secret, `leader` where nobody led before the end.
    """

    number: int
    kind: BidKind
    bidder_id: int
    bidder: str
    leader: str | None
    price: Money | None
    placed_at: datetime
    extended: bool


def show_bids(auction: Auction, bids: Iterable[Bid], *, from_newest: bool) -> tuple[ShownBid, ...]:
    """The public side of bids of this lot, newest first.

    Sealed amounts come to light with a sale, as far as the log opens them: of each person the last one, and not the
    winner's where another's set the price. Where the newest bids are not among these, it is not known which are last.
    """
    superseded: set[int] = set()
    shown = []
    for bid in bids:
        is_last = from_newest and bid.bidder_id not in superseded
        superseded.add(bid.bidder_id)
        shown.append(_show(auction, bid, bid.price if not bid.sealed else _opened(auction, bid) if is_last else None))
    return tuple(shown)


def _show(auction: Auction, bid: Bid, price: Money | None) -> ShownBid:
    return ShownBid(
        number=bid.number,
        kind=bid.kind,
        bidder_id=bid.bidder_id,
        bidder=auction.pseudonym(bid.bidder_id),
        leader=None if bid.sealed else auction.pseudonym(bid.leader_id),
        price=price,
        placed_at=bid.placed_at,
        extended=bid.extended,
    )


def _opened(auction: Auction, bid: Bid) -> Money | None:
    is_price = bid.bidder_id != auction.leader_id or bid.maximum == auction.price
    is_price = is_price and bid.bidder_id not in auction.left_out
    return bid.maximum if auction.ending is Ending.SOLD and is_price else None


def view_lot(lot: Lot, viewer_id: int | None, now: datetime, staked: Money | None = None) -> LotView:
    """The lot through a person's eyes; `viewer_id` None is a visitor, `staked` their own sealed bid."""
    stands = view_auction(lot.auction, viewer_id, now, staked)
    parties = (lot.deal.seller_id, lot.deal.buyer_id) if lot.deal else ()
    facts = {each.name: getattr(stands, each.name) for each in fields(stands)}
    return LotView(**facts, lot=lot, deal=lot.deal if viewer_id in parties else None)


def view_auction(auction: Auction, viewer_id: int | None, now: datetime, staked: Money | None = None) -> AuctionView:
    """The same of the auction alone, whose words are not at hand."""
    kind = kind_of(auction)
    public = kind.view(auction, now)
    leads = viewer_id is not None and viewer_id == public.leader_id
    secret = auction.terms.reserve_price is None or is_hidden(auction)
    return AuctionView(
        auction=auction,
        viewer_id=viewer_id,
        status=auction.status(now),
        price=public.price,
        next_min_bid=public.next_min_bid,
        buy_now_price=public.buy_now_price,
        leader=auction.pseudonym(public.leader_id) if public.leader_id is not None else None,
        you_lead=leads,
        your_maximum=auction.leader_maximum if leads else staked,
        reserve_met=None if secret else auction.reserve_met,
        may_bid=passes(require_open, auction, viewer_id, now),
        stands_still=auction.stands_still(now),
        left=auction.ends_at - auction.clock(now),
    )
