"""How outcomes of the domain become units of writing."""

from __future__ import annotations

from starbid.domain.auction import Auction
from starbid.domain.kinds.base import Accepted
from starbid.domain.settlement import Settled
from starbid.services.ports import Unit


def write_bid(unit: Unit, before: Auction, accepted: Accepted) -> None:
    """At most four items: the auction, the bid row, the bidder's wallet, the former leader's."""
    bidder = accepted.bid.bidder_id
    unit.save_auction(before, accepted.auction)
    unit.add_bid(accepted.bid)
    for change in accepted.wallets:
        unit.change_wallet(change, in_good_standing=change.user_id == bidder)
    if all(change.user_id != bidder for change in accepted.wallets):
        unit.require_money(bidder, accepted.needed)


def write_settlement(unit: Unit, before: Auction, settled: Settled) -> None:
    """The lot's end, or a step towards it, with its money, its deal and its event."""
    buyer = settled.bid.bidder_id if settled.bid else None
    unit.save_auction(before, settled.auction)
    for change in settled.wallets:
        unit.change_wallet(change, in_good_standing=change.user_id == buyer)
    if settled.bid:
        unit.add_bid(settled.bid)
    if settled.transfer:
        unit.post(settled.transfer)
    if settled.deal:
        unit.open_deal(settled.deal)
    for event in (settled.event, settled.offered):
        if event:
            unit.emit(event)
