"""Whether one bid or purchase is accepted: every refusal of spec section 3, "Who", in its order.

A bid alone and a bid in a crowd are judged here, and nowhere else.
"""

from __future__ import annotations

from dataclasses import replace

from starbid.domain import closing
from starbid.domain.auction import Auction, Bid, Ending
from starbid.domain.closing import Closed
from starbid.domain.deals import DealTimes, undelivered_state
from starbid.domain.errors import UnusualBid
from starbid.domain.intents import Intent
from starbid.domain.kinds import is_unusual, kind_of
from starbid.domain.kinds.base import Accepted, require_seen
from starbid.domain.lots import Lot
from starbid.domain.money import Money
from starbid.domain.pausing import as_of, under
from starbid.domain.wallet import Wallet


def place_bid(auction: Auction, bid: Intent, wallet: Wallet | None) -> Accepted:
    """The bid on the lot as it stands. `wallet` is the bidder's, None where its transaction alone looks at the money.

    Raises the refusals of spec section 3; UnusualBid for one that would be accepted, unless it is confirmed: nobody is
    asked about what is refused.
    """
    if wallet:
        wallet.require_bidder(bid.arrived_at)
    then = as_of(auction, bid.arrived_at)
    require_seen(then, bid.person_id, bid.card_version, bid.arrived_at)
    staked = wallet.stakes.get(auction.id) if wallet else None
    accepted = kind_of(then).bid(then, bid.person_id, bid.amount, bid.arrived_at, staked)
    if wallet:
        wallet.require(accepted.needed)
    if not bid.confirmed and is_unusual(auction, bid.person_id, bid.amount, staked):
        raise UnusualBid(bid.amount)
    return replace(accepted, auction=under(accepted.auction, auction.pauses))


def place_purchase(auction: Auction, purchase: Intent, wallet: Wallet, fee_percent: int, times: DealTimes) -> Closed:
    """The purchase, which ends the lot at once, at the price of its arrival. Raises the refusals of spec section 3."""
    wallet.require_bidder(purchase.arrived_at)
    then = as_of(auction, purchase.arrived_at)
    require_seen(then, purchase.person_id, purchase.card_version, purchase.arrived_at)
    closed = closing.buy_now(then, wallet, purchase.amount, fee_percent, times, purchase.arrived_at)
    wallet.require(cost_of(closed))
    return closed


def cost_of(closed: Closed) -> Money:
    """What the buyer must have available: the price less what they hold on the lot already."""
    assert closed.bid is not None
    return next(-change.available for change in closed.wallets if change.user_id == closed.bid.bidder_id)


def accepted_as(auction: Auction, row: Bid) -> Accepted:
    """A bid that is in the log, told from its `row`: the lot as that bid left it, as far as anybody is shown.

    `auction` is the lot as it is now. What the bid held is in no `wallets` here: it is written already.
    """
    after = replace(
        auction,
        price=row.price,
        leader_id=row.leader_id,
        leader_maximum=row.maximum if row.leads else row.price,
        bids_count=row.number,
        ends_at=row.ends_at,
        ending=Ending.OPEN,
        outcome=None,
        ended_at=None,
        version=row.version,
    )
    return Accepted(after, row, row.maximum, ())


def purchase_as(lot: Lot, row: Bid) -> Closed:
    """A purchase that is in the log, told from its `row` and the lot that it ended: as both were then."""
    after = replace(lot.auction, offer=None, relisted=False, version=row.version)
    fresh = replace(lot.deal, addressed_at=None) if lot.deal else None
    deal = replace(fresh, state=undelivered_state(fresh)) if fresh else None
    return Closed(after, (), None, deal=deal, bid=row)
