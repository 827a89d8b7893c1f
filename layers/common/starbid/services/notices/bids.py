"""Notices about bids, and about how a lot ended."""

from __future__ import annotations

from typing import Any

from starbid.domain.auction import Bid, BidKind
from starbid.domain.events import LotCancelled, LotSold, LotUnsold
from starbid.services.notices.registry import Crowd, InPlace, Kind, News, kind, tells, unpack_moment
from starbid.services.ports import Notice
from starbid.services.stamping import stamp

NEW_BID = kind(
    "new_bid", InPlace(told=lambda notice: int(notice.facts["bids"]), shown=lambda lot: lot.auction.bids_count)
)
OUTBID = kind("outbid")
EXTENDED = kind(
    "extended",
    InPlace(
        told=lambda notice: stamp(unpack_moment(notice.facts["ends_at"])), shown=lambda lot: stamp(lot.auction.ends_at)
    ),
)
WON = kind("won")
LOST = kind("lost")
SOLD = kind("sold")
UNSOLD = kind("unsold")
CANCELLED = kind("cancelled")


def of_bid(bid: Bid) -> tuple[Notice, ...]:
    """The seller hears of the bid, the former leader of being outbid, both sides of an extension.

    A purchase ends the lot: its event tells everybody. Of a sealed bid nobody hears, not even that it was made.
    """
    if bid.kind is BidKind.BUY or bid.sealed:
        return ()

    def notice(of: Kind, who: int, **facts: Any) -> Notice:
        source = f"bid:{bid.auction_id}:{bid.number}"
        return of.notice(source, who, bid.auction_id, price=bid.price, bids=bid.number, **facts)

    told = []
    if bid.kind is BidKind.BID:
        told.append(notice(NEW_BID, bid.seller_id))
    if bid.outbid_id is not None and bid.released is not None:
        told.append(notice(OUTBID, bid.outbid_id, released=bid.released))
    if bid.extended:
        others = {bid.seller_id, bid.outbid_id, bid.leader_id} - {bid.bidder_id, None}
        told += [notice(EXTENDED, who, ends_at=bid.ends_at) for who in sorted(who for who in others if who)]
    return tuple(told)


@tells(LotSold)
def lot_sold(event: LotSold) -> News:
    def to_loser(who: int) -> Notice | None:
        """Somebody whose bid did not count, as they owed, hears that."""
        facts = {"price": event.price, "owed": who in event.left_out, "winner_owed": False}
        return LOST.of(event, who, **facts) if who != event.winner_id else None

    won = WON.of(event, event.winner_id, price=event.price)
    return News((won, SOLD.of(event, event.seller_id, price=event.price)), (Crowd.BIDDERS,), to_loser)


@tells(LotUnsold)
def lot_unsold(event: LotUnsold) -> News:
    left_out = event.left_out
    return News(
        (UNSOLD.of(event, event.seller_id, best_bid=event.best_bid, owed=bool(left_out)),),
        (Crowd.BIDDERS,),
        lambda who: LOST.of(event, who, price=None, owed=who in left_out, winner_owed=bool(left_out)),
    )


@tells(LotCancelled)
def lot_cancelled(event: LotCancelled) -> News:
    """Without a reason the seller did it, who need not hear of it."""

    def to_other(who: int) -> Notice | None:
        return CANCELLED.of(event, who, reason=event.reason) if who != event.seller_id else None

    to_seller = CANCELLED.of(event, event.seller_id, reason=event.reason)
    return News((to_seller,) if event.reason else (), (Crowd.BIDDERS, Crowd.WATCHERS), to_other)
