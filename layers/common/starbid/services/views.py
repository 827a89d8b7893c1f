"""A lot as one person may see it: the same for pages, chat and API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starbid.domain.auction import Status
from starbid.domain.deals import Deal
from starbid.domain.kinds import kind_of
from starbid.domain.lots import Lot
from starbid.domain.money import Money


@dataclass(frozen=True, slots=True)
class LotView:
    """What `viewer_id` sees of `lot` at a moment. `your_maximum` is theirs only; the reserve stays hidden.

    `deal` is there for the two it belongs to. `reserve_met` is None where there is no reserve.
    """

    lot: Lot
    viewer_id: int | None
    status: Status
    price: Money
    next_min_bid: Money | None
    buy_now_price: Money | None
    leader: str | None
    you_lead: bool
    your_maximum: Money | None
    reserve_met: bool | None
    deal: Deal | None

    @property
    def is_seller(self) -> bool:
        return self.viewer_id == self.lot.auction.seller_id

    @property
    def is_buyer(self) -> bool:
        return self.lot.deal is not None and self.viewer_id == self.lot.deal.buyer_id


def view_lot(lot: Lot, viewer_id: int | None, now: datetime) -> LotView:
    """The lot through a person's eyes; `viewer_id` None is a visitor."""
    auction = lot.auction
    public = kind_of(auction.terms.kind).view(auction, now)
    leads = viewer_id is not None and viewer_id == public.leader_id
    parties = (lot.deal.seller_id, lot.deal.buyer_id) if lot.deal else ()
    return LotView(
        lot=lot,
        viewer_id=viewer_id,
        status=auction.status(now),
        price=public.price,
        next_min_bid=public.next_min_bid,
        buy_now_price=public.buy_now_price,
        leader=auction.pseudonym(public.leader_id) if public.leader_id is not None else None,
        you_lead=leads,
        your_maximum=auction.leader_maximum if leads else None,
        reserve_met=None if auction.terms.reserve_price is None else auction.reserve_met,
        deal=lot.deal if viewer_id in parties else None,
    )
