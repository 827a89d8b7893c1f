"""How outcomes of the domain become units of writing."""

from __future__ import annotations

from starbid.domain.auction import Auction
from starbid.domain.kinds.base import Accepted
from starbid.domain.settlement import Settled
from starbid.services.ports import Standing, Unit


def write_bid(unit: Unit, before: Auction, accepted: Accepted) -> None:
    """At most four items: the auction, the bid row, the bidder's wallet, the former leader's."""
    bidder = accepted.bid.bidder_id
    unit.save_auction(before, accepted.auction)
    unit.add_bid(accepted.bid)
    for change in accepted.wallets:
        unit.change_wallet(change, Standing.GOOD if change.user_id == bidder else Standing.ANY)
    if all(change.user_id != bidder for change in accepted.wallets):
        unit.require_money(bidder, accepted.needed)


def write_settlement(unit: Unit, before: Auction, settled: Settled) -> None:
    """The lot's end, or a step towards it, with its money, its deal and its event. Who owes wins nothing and buys
    nothing, whenever it was that they came to owe.
    """
    buyer = settled.deal.buyer_id if settled.deal else None
    needed = Standing.GOOD if settled.bid else Standing.SOLVENT
    unit.save_auction(before, settled.auction)
    for change in settled.wallets:
        unit.change_wallet(change, needed if change.user_id == buyer else Standing.ANY)
    if settled.bid:
        unit.add_bid(settled.bid)
    if settled.transfer:
        unit.post(settled.transfer)
    if settled.deal:
        unit.open_deal(settled.deal)
    for event in (settled.event, settled.offered):
        if event:
            unit.emit(event)
