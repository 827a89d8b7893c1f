"""The end of a lot: who pays what, which holds end, which deal begins (spec, section 3, "Close" and "Buy-now")."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from starbid.domain.auction import Auction, Bid, BidKind, Ending, Status
from starbid.domain.deals import Deal, DealTimes, open_deal
from starbid.domain.errors import AuctionClosed, HasBids, NotYours
from starbid.domain.events import LotCancelled, LotSold, LotUnsold
from starbid.domain.kinds import kind_of
from starbid.domain.ledger import ESCROW, Transfer, move, user_account
from starbid.domain.money import Money
from starbid.domain.wallet import WalletChange


@dataclass(frozen=True, slots=True)
class Settled:
    """Everything that ends with the lot, to be written in one transaction."""

    auction: Auction
    wallets: tuple[WalletChange, ...]
    event: LotSold | LotUnsold | LotCancelled
    transfer: Transfer | None = None
    deal: Deal | None = None
    bid: Bid | None = None


def close(auction: Auction, fee_percent: int, times: DealTimes, now: datetime) -> Settled:
    """Settle a due lot: the winner's price goes to escrow and the rest of the hold is free, or nothing is sold."""
    won = kind_of(auction.terms.kind).winner(auction)
    if won is None:
        after = auction.ended(Ending.UNSOLD, now)
        best = auction.price if auction.leader_id is not None else None
        event = LotUnsold(f"unsold:{auction.id}", now, auction.id, auction.seller_id, best, auction.leader_id)
        return Settled(after, _released(auction), event)
    winner_id, price = won
    assert auction.leader_maximum is not None
    capture = WalletChange.capture(winner_id, auction.leader_maximum, price)
    return _sold(auction, winner_id, price, (capture,), fee_percent, times, now)


def buy_now(auction: Auction, buyer_id: int, seen: Money, fee_percent: int, times: DealTimes, now: datetime) -> Settled:
    """One click ends the lot; a leader below the reserve gets their hold back. Raises what `Kind.buy` raises."""
    price = kind_of(auction.terms.kind).buy(auction, buyer_id, seen, now)
    others: tuple[WalletChange, ...] = ()
    held = Money.zero(auction.currency)
    if auction.leader_id is not None and auction.leader_maximum is not None:
        if auction.leader_id == buyer_id:
            held = auction.leader_maximum
        else:
            others = (WalletChange.hold(auction.leader_id, -auction.leader_maximum),)
    settled = _sold(
        auction, buyer_id, price, (WalletChange.capture(buyer_id, held, price), *others), fee_percent, times, now
    )
    after = replace(
        settled.auction, leader_id=buyer_id, leader_maximum=price, bids_count=auction.bids_count + 1, ends_at=now
    )
    return replace(settled, auction=after, bid=_buy_row(auction, after, now))


def cancel(auction: Auction, person_id: int, by_admin: bool, reason: str, now: datetime) -> Settled:
    """The seller cancels without bids, an admin always; holds are released. Raises NotYours, HasBids, AuctionClosed."""
    if person_id != auction.seller_id and not by_admin:
        raise NotYours
    require_unfinished(auction, now)
    if auction.bids_count and not by_admin:
        raise HasBids
    after = auction.ended(Ending.CANCELLED, now)
    event = LotCancelled(f"cancelled:{auction.id}", now, auction.id, auction.seller_id, reason)
    return Settled(after, _released(auction), event)


def require_unfinished(auction: Auction, now: datetime) -> None:
    """Raises AuctionClosed once the end has come; a lot that has not started may still be edited or cancelled."""
    if auction.status(now) not in (Status.SCHEDULED, Status.LIVE):
        raise AuctionClosed


def _released(auction: Auction) -> tuple[WalletChange, ...]:
    if auction.leader_id is None or auction.leader_maximum is None:
        return ()
    return (WalletChange.hold(auction.leader_id, -auction.leader_maximum),)


def _sold(
    auction: Auction,
    buyer_id: int,
    price: Money,
    wallets: tuple[WalletChange, ...],
    fee_percent: int,
    times: DealTimes,
    now: datetime,
) -> Settled:
    parts = {user_account(buyer_id): -price, ESCROW: price}
    transfer = move(f"sale:{auction.id}", "sale", buyer_id, now, parts, auction_id=auction.id)
    deal = open_deal(auction.id, auction.seller_id, buyer_id, price, fee_percent, now, times)
    event = LotSold(f"sold:{auction.id}", now, auction.id, auction.seller_id, buyer_id, price)
    return Settled(auction.ended(Ending.SOLD, now, price), wallets, event, transfer, deal)


def _buy_row(before: Auction, after: Auction, now: datetime) -> Bid:
    assert after.leader_id is not None
    loser = before.leader_id if before.leader_id != after.leader_id else None
    return Bid(
        auction_id=after.id,
        number=after.bids_count,
        kind=BidKind.BUY,
        bidder_id=after.leader_id,
        seller_id=after.seller_id,
        maximum=after.price,
        placed_at=now,
        price=after.price,
        leader_id=after.leader_id,
        ends_at=after.ends_at,
        outbid_id=loser,
        released=before.leader_maximum if loser else None,
        version=after.version,
    )
