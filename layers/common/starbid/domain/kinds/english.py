"""English auction with proxy bidding: a bid is a maximum, the system bids for the person up to it.

Source of every rule here: spec, section 3 ("English", "Soft close").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from starbid.domain.auction import Auction, Bid, BidKind, Ending, Status, Terms
from starbid.domain.errors import BidTooLow, Invalid, InvalidFields, NotForSale, PriceMoved
from starbid.domain.kinds.base import Accepted, View, require_amount, require_open
from starbid.domain.money import Money
from starbid.domain.wallet import WalletChange

_NOBODY_WON = (Ending.UNSOLD, Ending.CANCELLED)


class English:
    name = "english"

    def terms(self, amounts: Mapping[str, Money | None], seconds: Mapping[str, int]) -> Terms:
        """Reserve not below the start; buy-now not below the start nor the reserve."""
        start = amounts["start_price"]
        if start is None:
            raise InvalidFields((Invalid("start_price", "required"),))
        reserve, buy_now = amounts.get("reserve_price"), amounts.get("buy_now_price")
        errors = []
        if reserve is not None and reserve < start:
            errors.append(Invalid("reserve_price", "below_start", least=start.amount))
        floor = max(reserve or start, start)
        if buy_now is not None and buy_now < floor:
            errors.append(Invalid("buy_now_price", "below_reserve" if reserve else "below_start", least=floor.amount))
        if errors:
            raise InvalidFields(tuple(errors))
        return Terms(self.name, start, reserve, buy_now, amounts.get("bid_step"), **seconds)

    def bid(self, auction: Auction, bidder_id: int, maximum: Money, now: datetime) -> Accepted:
        require_amount(maximum, auction)
        require_open(auction, bidder_id, now)
        least = self.least_bid(auction, bidder_id)
        if maximum < least:
            raise BidTooLow(least)
        if bidder_id == auction.leader_id:
            return _own_raise(auction, maximum, now)
        return _challenge(auction, bidder_id, maximum, now)

    def least_bid(self, auction: Auction, bidder_id: int) -> Money:
        """The leader's own raise must exceed their present maximum; anybody else rises by a step."""
        if bidder_id == auction.leader_id and auction.leader_maximum is not None:
            return auction.leader_maximum + Money(1, auction.currency)
        return next_price(auction)

    def buy(self, auction: Auction, buyer_id: int, seen_price: Money, now: datetime) -> Money:
        require_amount(seen_price, auction, "seen_price")
        require_open(auction, buyer_id, now)
        if auction.terms.buy_now_price is None:
            raise NotForSale
        price = buy_now_price(auction)
        if price is None or price != seen_price:
            raise PriceMoved(price)
        return price

    def view(self, auction: Auction, now: datetime) -> View:
        can_bid = auction.status(now) in (Status.LIVE, Status.SCHEDULED)
        return View(
            price=auction.price,
            next_min_bid=next_price(auction) if can_bid else None,
            buy_now_price=buy_now_price(auction) if can_bid else None,
            leader_id=None if auction.ending in _NOBODY_WON else auction.leader_id,
        )

    def winner(self, auction: Auction) -> tuple[int, Money] | None:
        """The leader at the present price, unless a reserve was not met."""
        if auction.leader_id is None or not auction.reserve_met:
            return None
        return auction.leader_id, auction.price


def next_price(auction: Auction) -> Money:
    """Minimum bid: the start price while there is no bid, then price + step(price)."""
    if auction.leader_id is None:
        return auction.terms.start_price
    return auction.price + auction.terms.step(auction.price)


def buy_now_price(auction: Auction) -> Money | None:
    """Buy-now goes away with the first bid or, where there is a reserve, once the reserve is met."""
    gone = auction.bids_count > 0 if auction.terms.reserve_price is None else auction.reserve_met
    return None if gone else auction.terms.buy_now_price


def _own_raise(auction: Auction, maximum: Money, now: datetime) -> Accepted:
    """The leader raises their maximum; the price stays, but for a reserve that is met by it."""
    assert auction.leader_id is not None
    assert auction.leader_maximum is not None
    more = maximum - auction.leader_maximum
    price = _with_reserve(auction.terms, auction.price, maximum)
    after = _after(auction, auction.leader_id, maximum, price, now)
    row = _row(auction, after, BidKind.RAISE, auction.leader_id, maximum, now)
    return Accepted(after, row, more, (WalletChange.hold(auction.leader_id, more),))


def _challenge(auction: Auction, bidder_id: int, maximum: Money, now: datetime) -> Accepted:
    """Somebody who does not lead bids. An earlier maximum wins a tie; a price never falls."""
    terms, leader, held = auction.terms, auction.leader_id, auction.leader_maximum
    if leader is None or held is None:
        price = _with_reserve(terms, terms.start_price, maximum)
        after = _after(auction, bidder_id, maximum, price, now)
        row = _row(auction, after, BidKind.BID, bidder_id, maximum, now)
        return Accepted(after, row, maximum, (WalletChange.hold(bidder_id, maximum),))
    if maximum > held:
        price = _with_reserve(terms, max(auction.price, min(maximum, held + terms.step(held))), maximum)
        after = _after(auction, bidder_id, maximum, price, now)
        row = replace(_row(auction, after, BidKind.BID, bidder_id, maximum, now), outbid_id=leader, released=held)
        wallets = (WalletChange.hold(bidder_id, maximum), WalletChange.hold(leader, -held))
        return Accepted(after, row, maximum, wallets)
    price = _with_reserve(terms, max(auction.price, min(held, maximum + terms.step(maximum))), held)
    after = _after(auction, leader, held, price, now)
    return Accepted(after, _row(auction, after, BidKind.BID, bidder_id, maximum, now), maximum, ())


def _with_reserve(terms: Terms, price: Money, leader_maximum: Money) -> Money:
    """Whenever the leader's maximum covers the reserve, the price is at least the reserve."""
    reserve = terms.reserve_price
    return max(price, reserve) if reserve is not None and leader_maximum >= reserve else price


def _after(auction: Auction, leader_id: int, maximum: Money, price: Money, now: datetime) -> Auction:
    changed = price != auction.price or leader_id != auction.leader_id
    return replace(
        auction,
        leader_id=leader_id,
        leader_maximum=maximum,
        price=price,
        ends_at=_extended(auction, now) if changed else auction.ends_at,
        bids_count=auction.bids_count + 1,
        version=auction.version + 1,
    )


def _extended(auction: Auction, now: datetime) -> datetime:
    """Soft close: W seconds after a late bid, never beyond the scheduled end + max_extension_seconds."""
    window = timedelta(seconds=auction.terms.extend_seconds)
    if auction.ends_at - now > window:
        return auction.ends_at
    latest = auction.scheduled_end + timedelta(seconds=auction.terms.max_extension_seconds)
    return max(auction.ends_at, min(now + window, latest))


def _row(before: Auction, after: Auction, kind: BidKind, bidder_id: int, maximum: Money, now: datetime) -> Bid:
    assert after.leader_id is not None
    return Bid(
        auction_id=after.id,
        number=after.bids_count,
        kind=kind,
        bidder_id=bidder_id,
        seller_id=after.seller_id,
        maximum=maximum,
        placed_at=now,
        price=after.price,
        leader_id=after.leader_id,
        ends_at=after.ends_at,
        extended=after.ends_at > before.ends_at,
        version=after.version,
    )
