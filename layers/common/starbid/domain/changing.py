"""Until when a lot may be changed (spec, section 3): one rule for editing, cancelling, and what is offered."""

from __future__ import annotations

from datetime import datetime

from starbid.domain.auction import Auction
from starbid.domain.errors import AuctionClosed, HasBids, NotYours, passes


def require_unfinished(auction: Auction, now: datetime) -> None:
    """Raises AuctionClosed once the end has come; a lot that has not started may still be edited or cancelled."""
    if not auction.status(now).is_open:
        raise AuctionClosed


def require_changeable(auction: Auction, person_id: int, now: datetime) -> None:
    """The seller edits or cancels until the end, and only before the first bid.

    Raises NotYours, AuctionClosed, HasBids.
    """
    if person_id != auction.seller_id:
        raise NotYours
    require_unfinished(auction, now)
    if auction.bids_count:
        raise HasBids


def may_change(auction: Auction, person_id: int | None, now: datetime) -> bool:
    """Whether this person may still edit or cancel the lot as its seller."""
    return passes(require_changeable, auction, person_id, now)
