"""How outcomes of the domain become units of writing."""

from __future__ import annotations

from datetime import datetime

from starbid.domain.auction import Auction
from starbid.domain.batches import Batch, Share
from starbid.domain.closing import Closed
from starbid.domain.events import LotPublished
from starbid.domain.intents import Placed
from starbid.domain.kinds.base import Accepted
from starbid.domain.lots import Lot
from starbid.services.idempotency import record_of_place
from starbid.services.ports import Standing, Unit


def write_bid(unit: Unit, before: Auction, accepted: Accepted) -> None:
    """At most four items: the auction, the bid row, the bidder's wallet, the former leader's."""
    bidder = accepted.bid.bidder_id
    unit.save_auction(before, accepted.auction)
    unit.add_bid(accepted.bid)
    for change in accepted.wallets:
        if change.user_id == bidder:
            unit.change_wallet(change, Standing.GOOD, bids_at=accepted.bid.placed_at)
        else:
            unit.change_wallet(change)
    if all(change.user_id != bidder for change in accepted.wallets):
        unit.require_money(bidder, accepted.needed, accepted.bid.placed_at)


def write_publication(unit: Unit, lot: Lot, now: datetime, *, again: bool) -> None:
    """A lot that is there from now on; `again`: in the place of one that was there before."""
    auction, card = lot.auction, lot.card
    unit.create_auction(auction, card)
    unit.emit(
        LotPublished(
            id=f"published:{auction.id}",
            at=now,
            auction_id=auction.id,
            seller_id=auction.seller_id,
            kind=auction.terms.kind,
            category=card.listed_in,
            goods=card.goods,
            currency=auction.currency,
            starts_at=auction.starts_at,
            ends_at=auction.ends_at,
            again=again,
        )
    )


def write_close(unit: Unit, before: Auction, closed: Closed) -> None:
    """The lot's end, or a step towards it, with its money, its deal and its event. Who owes wins nothing and buys
    nothing, whenever it was that they came to owe.
    """
    buyer = closed.deal.buyer_id if closed.deal else None
    needed = Standing.GOOD if closed.bid else Standing.SOLVENT
    bids_at = closed.bid.placed_at if closed.bid else None
    unit.save_auction(before, closed.auction)
    for change in closed.wallets:
        if change.user_id == buyer:
            unit.change_wallet(change, needed, bids_at=bids_at)
        else:
            unit.change_wallet(change)
    if closed.bid:
        unit.add_bid(closed.bid)
    if closed.transfer:
        unit.post(closed.transfer)
    if closed.deal:
        unit.open_deal(closed.deal)
    for event in (closed.event, closed.offered):
        if event:
            unit.emit(event)


def write_batch(unit: Unit, batch: Batch) -> None:
    """All that was decided together, with the outcome of each."""
    if batch.closed:
        write_close(unit, batch.before, batch.closed)
    elif batch.rows:
        unit.save_auction(batch.before, batch.after)
    for row in batch.rows:
        unit.add_bid(row)
    for share in batch.shares:
        placed = (row.placed_at for row in batch.rows if row.bidder_id == share.user_id)
        _write_share(unit, share, min(placed, default=None))
    for intent, outcome in batch.outcomes:
        unit.decide_intent(intent, outcome)
        if intent.memory and isinstance(outcome, Placed):
            unit.record(record_of_place(intent.memory, intent.auction_id, outcome.number))


def _write_share(unit: Unit, share: Share, first_bid_at: datetime | None) -> None:
    if share.change:
        standing = Standing.GOOD if share.needed else Standing.ANY
        unit.change_wallet(share.change, standing, share.needed, bids_at=first_bid_at)
    elif share.needed:
        assert first_bid_at is not None
        unit.require_money(share.user_id, share.needed, first_bid_at)
