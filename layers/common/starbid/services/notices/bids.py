"""Notices about bids, and about how a lot ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from starbid.domain.auction import Bid, BidKind, Status
from starbid.domain.events import LotCancelled, LotSold, LotUnsold
from starbid.domain.lots import Lot
from starbid.services.notices.registry import KINDS, Crowd, Kind, Latest, News, always, kind, tells, unpack_moment
from starbid.services.ports import Notice
from starbid.services.stamping import stamp

SETTLING = timedelta(seconds=10)
"""So long after a lot was to be settled what its end tells is waited for."""


def _owed(notice: Notice) -> bool:
    """Whether a debt is why it ended so."""
    return bool(notice.facts["owed"])


def _leads(notice: Notice, lot: Lot) -> bool:
    """Who was outbid meanwhile is told that, and the new end with it."""
    return lot.auction.leader_id == notice.user_id


def _is_outbid(notice: Notice, lot: Lot) -> bool:
    """Not who leads again; and that others have the lot is told by its end."""
    return not _leads(notice, lot) and not lot.auction.is_final


def _is_settled_soon(lot: Lot, now: datetime) -> bool:
    """A bid that waits may still move the end. Where settling takes long, who was outbid is told meanwhile."""
    return lot.auction.status(now) is Status.CLOSING and now < lot.auction.due_at + SETTLING


def _bids_told(notice: Notice) -> int:
    return int(notice.facts["bids"])


def _bids_shown(lot: Lot) -> int:
    return lot.auction.bids_count


NEW_BID = kind("new_bid", Latest(_bids_told, _bids_shown), mutes=always)
"""To the seller: how the lot stands. One message shows all of it, a moved end too."""
OUTBID = kind(
    "outbid",
    Latest(_bids_told, _bids_shown, sounds=True, is_news=_is_outbid, is_undecided=_is_settled_soon),
    mutes=always,
)
"""However often it happened within moments: how the lot stands now, to who does not lead now."""
EXTENDED = kind(
    "extended",
    Latest(
        told=lambda notice: stamp(unpack_moment(notice.facts["ends_at"])),
        shown=lambda lot: stamp(lot.auction.ends_at),
        is_news=_leads,
    ),
    mutes=always,
)
"""To the leader who stays, and did not move the end."""
WON = kind("won")
LOST = kind("lost", mutes=lambda notice: not _owed(notice))
SOLD = kind("sold")
UNSOLD = kind("unsold", mutes=lambda notice: not _owed(notice))
CANCELLED = kind("cancelled", mutes=lambda notice: not notice.facts["reason"])
"""An operator's act is told to all: somebody's money was on the lot, or it was theirs."""


def of_bids(bids: Iterable[Bid]) -> tuple[Notice, ...]:
    """What there is to tell of bids that came together, in any order: to each person the newest of a kind, and nothing
    of having been outbid to who led again later.
    """
    told: dict[str, Notice] = {}
    for bid in sorted(bids, key=lambda each: each.number):
        told.pop(OUTBID.subject(bid.leader_id, bid.auction_id), None)
        told |= {KINDS[notice.kind].subject(notice.user_id, bid.auction_id): notice for notice in of_bid(bid)}
    return tuple(told.values())


def of_bid(bid: Bid) -> tuple[Notice, ...]:
    """The seller hears of the bid, the former leader of being outbid, a leader who stays of a moved end. Each of them
    hears one thing: it says of the end what there is to say.

    A purchase ends the lot: its event tells everybody. Of a sealed bid nobody hears, not even that it was made.
    """
    if bid.kind is BidKind.BUY or bid.sealed:
        return ()

    def notice(of: Kind, who: int, **facts: Any) -> Notice:
        source = f"bid:{bid.auction_id}:{bid.number}"
        return of.notice(source, who, bid.auction_id, price=bid.price, bids=bid.number, **facts)

    told = []
    if bid.kind is BidKind.BID or bid.extended:
        told.append(notice(NEW_BID, bid.seller_id))
    if bid.outbid_id is not None and bid.released is not None:
        told.append(notice(OUTBID, bid.outbid_id, released=bid.released))
    if bid.extended and bid.leader_id not in (None, bid.bidder_id):
        told.append(notice(EXTENDED, bid.leader_id, ends_at=bid.ends_at))
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
