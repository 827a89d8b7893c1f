"""The end of a lot: who pays what, which holds end, which deal begins (spec, section 3, "Close" and "Buy-now")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from starbid.domain import audit
from starbid.domain.auction import Auction, Bid, BidKind, Ending
from starbid.domain.changing import require_changeable, require_unfinished
from starbid.domain.deal_reminders import with_reminder
from starbid.domain.deals import Deal, DealTimes, open_deal
from starbid.domain.disputes import REASON_LENGTH
from starbid.domain.events import LotCancelled, LotSold, LotUnsold, SecondChanceOffered
from starbid.domain.kinds import kind_of
from starbid.domain.kinds.base import row_of
from starbid.domain.ledger import ESCROW, Transfer, TransferKind, move, user_account
from starbid.domain.money import Money
from starbid.domain.second_chance_offer import Offer
from starbid.domain.texts import read_text
from starbid.domain.wallet import Stake, Wallet, WalletChange

Ended = LotSold | LotUnsold | LotCancelled


@dataclass(frozen=True, slots=True)
class Closed:
    """What ends with the lot, to be written in one transaction. No event as long as the lot is `closing`.

    `offered`: the winner owed, and the runner-up is asked at once.
    """

    auction: Auction
    wallets: tuple[WalletChange, ...]
    event: Ended | None
    transfer: Transfer | None = None
    deal: Deal | None = None
    bid: Bid | None = None
    offered: SecondChanceOffered | None = None


def close(auction: Auction, winner: Wallet | None, fee_percent: int, times: DealTimes, now: datetime) -> Closed:
    """Decide a due lot: the winner's price goes to escrow and the rest of the hold is free, or nothing is sold.

    `winner` is the wallet of the one who wins by the rules of the kind, None where nobody does; it owes nothing
    (`second_chance.leave_out`, `close_without`). Where more holds are to end than the winner's, the lot is
    `closing` after it and `release` goes on from there.
    """
    won = kind_of(auction).winner(auction)
    if won is None or winner is None:
        return _ended(auction, Ending.UNSOLD, now)
    winner_id, price = won
    held = auction.leader_maximum
    assert held is not None
    assert winner.user_id == winner_id
    stake = Stake(auction.id, held, None) if kind_of(auction).is_sealed else None
    capture = WalletChange.capture(winner, held, price, stake)
    return _sold(auction, winner, price, (capture,), fee_percent, times, now)


def close_without(auction: Auction, offer: Offer | None, now: datetime) -> Closed:
    """The leader of a due English lot owes, so it ends unsold and their hold goes back; `offer` is the runner-up's, at
    once (spec, section 2).
    """
    assert auction.leader_id is not None
    unsold = _ended(replace(auction, left_out=(auction.leader_id,), offer=offer), Ending.UNSOLD, now)
    if offer is None:
        return unsold
    event_id = f"second-chance:{auction.id}"
    offered = SecondChanceOffered(event_id, now, auction.id, auction.seller_id, offer.to_id, offer.price, offer.until)
    return replace(unsold, offered=offered)


def release(auction: Auction, rows: Sequence[Bid], wallets: Mapping[int, Wallet], now: datetime) -> Closed:
    """Give back the holds behind `rows`, the next bids below `released_from`; with the first bid the lot has ended.

    `wallets` are those of the rows' bidders as they are now. A wallet without a stake on this lot has had it back: so a
    hold ends once, however often this is begun.
    """
    assert auction.outcome is not None
    changes = []
    for bidder_id in dict.fromkeys(row.bidder_id for row in rows):
        staked = wallets[bidder_id].stakes.get(auction.id) if bidder_id in wallets else None
        if staked:
            changes.append(WalletChange.hold(bidder_id, -staked, Stake(auction.id, staked, None)))
    first = min((row.number for row in rows), default=1)
    if first > 1:
        after = replace(auction, released_from=first, version=auction.version + 1)
        return Closed(after, tuple(changes), None)
    after = replace(auction, ending=auction.outcome, outcome=None, released_from=None, version=auction.version + 1)
    return Closed(after, tuple(changes), _event(after, auction.ended_at or now))


def buy_now(auction: Auction, buyer: Wallet, seen: Money, fee_percent: int, times: DealTimes, now: datetime) -> Closed:
    """One click ends the lot; a leader below the reserve gets their hold back. Raises what `Kind.buy` raises."""
    buyer_id = buyer.user_id
    price = kind_of(auction).buy(auction, buyer_id, seen, now)
    others: tuple[WalletChange, ...] = ()
    held = Money.zero(auction.currency)
    if auction.leader_id is not None and auction.leader_maximum is not None:
        if auction.leader_id == buyer_id:
            held = auction.leader_maximum
        else:
            others = (WalletChange.hold(auction.leader_id, -auction.leader_maximum),)
    capture = WalletChange.capture(buyer, held, price)
    closed = _sold(auction, buyer, price, (capture, *others), fee_percent, times, now)
    after, row = _bought(auction, replace(closed.auction, leader_maximum=price, ends_at=now), buyer_id, now)
    return replace(closed, auction=after, bid=row)


def cancel(auction: Auction, person_id: int, by_admin: bool, reason: str, now: datetime) -> Closed:
    """The seller cancels without bids; an admin always, with a reason of 1 to 500 characters. Holds are released.

    Raises NotYours, Invalid, HasBids, AuctionClosed.
    """
    if by_admin:
        reason = read_text("reason", reason, 1, REASON_LENGTH)
        require_unfinished(auction, now)
    else:
        reason = ""
        require_changeable(auction, person_id, now)
    return _ended(replace(auction, cancel_reason=reason), Ending.CANCELLED, now)


def _ended(auction: Auction, ending: Ending, now: datetime, price: Money | None = None) -> Closed:
    """The lot with its ending, and the holds that end with it where they are few enough for one transaction."""
    if _has_losers(auction, ending):
        after = replace(auction.ended(Ending.CLOSING, now, price), outcome=ending, released_from=auction.bids_count + 1)
        return Closed(after, (), None)
    after = auction.ended(ending, now, price)
    if ending is Ending.SOLD or auction.leader_id is None or auction.leader_maximum is None:
        return Closed(after, (), _event(after, now))
    return Closed(after, (WalletChange.hold(auction.leader_id, -auction.leader_maximum),), _event(after, now))


def _has_losers(auction: Auction, ending: Ending) -> bool:
    """Whether sealed bids of others than a winner are still held."""
    losers = auction.runner_up_id is not None or bool(auction.left_out)
    return kind_of(auction).is_sealed and (losers if ending is Ending.SOLD else auction.bids_count > 0)


def _event(auction: Auction, at: datetime) -> Ended:
    lot, seller = auction.id, auction.seller_id
    match auction.ending:
        case Ending.SOLD:
            assert auction.leader_id is not None
            return LotSold(f"sold:{lot}", at, lot, seller, auction.leader_id, auction.price, auction.left_out)
        case Ending.CANCELLED:
            return LotCancelled(f"cancelled:{lot}", at, lot, seller, auction.cancel_reason)
        case _:
            best = auction.price if auction.leader_id is not None else None
            return LotUnsold(f"unsold:{lot}", at, lot, seller, best, auction.leader_id, auction.left_out)


def _sold(
    auction: Auction,
    buyer: Wallet,
    price: Money,
    wallets: tuple[WalletChange, ...],
    fee_percent: int,
    times: DealTimes,
    now: datetime,
) -> Closed:
    buyer_id, bought = buyer.user_id, buyer.out_of_bought(price)
    parts = {user_account(buyer_id): -price, ESCROW: price}
    facts = {"auction_id": auction.id, "bought": str(-bought.amount)}
    transfer = move(f"sale:{auction.id}", TransferKind.SALE, buyer_id, now, parts, **facts)
    deal = open_deal(auction.id, auction.seller_id, buyer_id, price, bought, fee_percent, now, times)
    ended = _ended(replace(auction, leader_id=buyer_id), Ending.SOLD, now, price)
    return replace(ended, wallets=wallets, transfer=transfer, deal=with_reminder(deal, now, times))


def _bought(before: Auction, after: Auction, buyer_id: int, now: datetime) -> tuple[Auction, Bid]:
    """The sold lot with the purchase as its last bid."""
    after = replace(after, bids_count=before.bids_count + 1)
    row = row_of(before, after, BidKind.BUY, buyer_id, after.price, now)
    if before.leader_id not in (None, buyer_id):
        row = replace(row, outbid_id=before.leader_id, released=before.leader_maximum)
        after = replace(after, runner_up_id=before.leader_id, runner_up_maximum=before.leader_maximum)
    return audit.append(before, after, row)
