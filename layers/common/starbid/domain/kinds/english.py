"""English auction with proxy bidding: a bid is a maximum, the system bids for the person up to it.

Source of every rule here: spec, section 3 ("English", "Soft close").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from starbid.domain import audit
from starbid.domain.auction import Auction, Bid, BidKind, Terms
from starbid.domain.errors import BidTooLow, Invalid, InvalidFields, NotForSale, PriceMoved
from starbid.domain.kinds import base
from starbid.domain.kinds.base import Accepted, Amounts, Kind, Seconds, View
from starbid.domain.money import Money
from starbid.domain.sentences import Sentence, _
from starbid.domain.wallet import WalletChange


class English(Kind):
    name = "english"
    is_sealed, falls = False, False
    label = _("Auction")
    badge: Sentence | None = None
    line = _("The price rises, the highest bid wins.")
    pays: Sentence | None = None
    fields = ("reserve_price", "buy_now_price", "bid_step", "extend_seconds", "max_extension_seconds")

    def terms(self, amounts: Amounts, seconds: Seconds) -> Terms:
        (start,) = base.required(amounts, "start_price")
        errors = self.contradictions(amounts, seconds)
        if errors:
            raise InvalidFields(tuple(errors))
        reserve, buy_now = amounts.get("reserve_price"), amounts.get("buy_now_price")
        window, most = seconds["extend_seconds"] or 0, seconds["max_extension_seconds"] or 0
        return Terms(self.name, start, reserve, buy_now, amounts.get("bid_step"), window, most)

    def contradictions(self, amounts: Amounts, seconds: Seconds) -> list[Invalid]:
        """Reserve not below the start; buy-now not below the start nor the reserve."""
        start, reserve, buy_now = (amounts.get(name) for name in ("start_price", "reserve_price", "buy_now_price"))
        errors = base.below_start(start, reserve) + base.foreign_to(self, amounts)
        floor = max((price for price in (start, reserve) if price), default=None)
        if buy_now and floor and buy_now < floor:
            reason = "below_reserve" if reserve else "below_start"
            errors.append(Invalid("buy_now_price", reason, least=floor.amount, currency=floor.currency))
        return errors

    def bid(
        self, auction: Auction, bidder_id: int, maximum: Money, now: datetime, staked: Money | None = None
    ) -> Accepted:
        base.require_amount(maximum, auction)
        base.require_open(auction, bidder_id, now)
        least = self.least_bid(auction, bidder_id)
        if maximum < least:
            raise BidTooLow(least)
        after = self.counted(auction, bidder_id, maximum)
        changed = (after.price, after.leader_id) != (auction.price, auction.leader_id)
        after = replace(after, ends_at=_extended(auction, now) if changed else auction.ends_at)
        return _accepted(auction, after, bidder_id, maximum, now)

    def least_bid(self, auction: Auction, bidder_id: int, staked: Money | None = None) -> Money:
        """The leader rises by a step over their own maximum, anybody else by a step over the price."""
        if bidder_id == auction.leader_id and auction.leader_maximum is not None:
            return auction.leader_maximum + auction.terms.step(auction.leader_maximum)
        return next_price(auction)

    def buy(self, auction: Auction, buyer_id: int, seen_price: Money, now: datetime) -> Money:
        base.require_amount(seen_price, auction, "seen_price")
        base.require_open(auction, buyer_id, now)
        if auction.terms.buy_now_price is None:
            raise NotForSale
        price = buy_now_price(auction)
        if price is None or price != seen_price:
            raise PriceMoved(price)
        return price

    def view(self, auction: Auction, now: datetime) -> View:
        is_open = auction.status(now).is_open
        return View(
            price=auction.price,
            next_min_bid=next_price(auction) if is_open else None,
            buy_now_price=buy_now_price(auction) if is_open else None,
            leader_id=base.shown_leader(auction),
        )

    def counted(self, auction: Auction, bidder_id: int, maximum: Money) -> Auction:
        """An earlier maximum wins a tie; a price never falls."""
        terms, leader, held = auction.terms, auction.leader_id, auction.leader_maximum
        after = replace(auction, bids_count=auction.bids_count + 1, version=auction.version + 1)
        if leader is None or held is None:
            price = _with_reserve(terms, terms.start_price, maximum)
            return replace(after, leader_id=bidder_id, leader_maximum=maximum, price=price)
        if bidder_id == leader:
            return replace(after, leader_maximum=maximum, price=_with_reserve(terms, auction.price, maximum))
        if maximum > held:
            price = _with_reserve(terms, max(auction.price, min(maximum, held + terms.step(held))), maximum)
            after = replace(after, leader_id=bidder_id, leader_maximum=maximum, price=price)
            return replace(after, runner_up_id=leader, runner_up_maximum=held)
        price = _with_reserve(terms, max(auction.price, min(held, maximum + terms.step(maximum))), held)
        after = replace(after, price=price)
        if auction.runner_up_maximum is None or maximum > auction.runner_up_maximum:
            return replace(after, runner_up_id=bidder_id, runner_up_maximum=maximum)
        return after

    def winner(self, auction: Auction) -> tuple[int, Money] | None:
        """The leader at the present price, unless a reserve was not met."""
        if auction.leader_id is None or not auction.reserve_met:
            return None
        return auction.leader_id, auction.price

    def list_price(self, auction: Auction) -> Money:
        return auction.price

    def rules(self, auction: Auction, now: datetime) -> tuple[Sentence, ...]:
        terms, buy_now = auction.terms, self.view(auction, now).buy_now_price
        window, most = timedelta(seconds=terms.extend_seconds), timedelta(seconds=terms.max_extension_seconds)
        said = [
            _("Set the most you would pay. We bid for you step by step, just enough to keep you in the lead."),
            _("Your maximum is frozen while you lead. If you are outbid, the money comes back instantly."),
        ]
        if terms.reserve_price:
            said.append(_("The seller set a hidden minimum price. Below it the lot is not sold."))
        if buy_now and terms.reserve_price:
            said.append(
                _("It can be bought at once for {price}, until a bid reaches the hidden minimum price.", price=buy_now)
            )
        elif buy_now:
            said.append(_("It can be bought at once for {price}, until the first bid.", price=buy_now))
        if terms.extend_seconds and terms.max_extension_seconds:
            said.append(
                _("Extended: a bid in the last {window} adds time, up to {most} in all.", window=window, most=most)
            )
        return tuple(said)

    def why(self, auction: Auction) -> tuple[Sentence, ...]:
        return (_why(auction),)

    def opened(self, auction: Auction, rows: Sequence[Bid]) -> frozenset[int]:
        """The runner-up's maximum; the reserve and a maximum of the winner's where it is what was paid.

        That one may have been raised since: the price stayed, and what it was raised to stays hidden.
        """
        if rows and rows[-1].kind is BidKind.BUY:
            return frozenset()
        latest, shown = base.latest_by_bidder(rows), set()
        if auction.runner_up_id in latest:
            shown.add(latest[auction.runner_up_id].number)
        shown |= {row.number for row in rows if (row.bidder_id, row.maximum) == (auction.leader_id, auction.price)}
        if auction.terms.reserve_price == auction.price:
            shown.add(audit.RESERVE)
        return frozenset(shown)


def next_price(auction: Auction) -> Money:
    """Minimum bid: the start price while there is no bid, then price + step(price)."""
    if auction.leader_id is None:
        return auction.terms.start_price
    return auction.price + auction.terms.step(auction.price)


def buy_now_price(auction: Auction) -> Money | None:
    """Buy-now goes away with the first bid or, where there is a reserve, once the reserve is met."""
    gone = auction.bids_count > 0 if auction.terms.reserve_price is None else auction.reserve_met
    return None if gone else auction.terms.buy_now_price


def _accepted(before: Auction, after: Auction, bidder_id: int, maximum: Money, now: datetime) -> Accepted:
    """Who leads has more held: a leader who raises what they add. Who led before gets their hold back."""
    had = before.leader_maximum if bidder_id == before.leader_id else None
    needed = maximum if had is None else maximum - had
    row = base.row_of(before, after, BidKind.BID if had is None else BidKind.RAISE, bidder_id, maximum, now)
    wallets = [WalletChange.hold(bidder_id, needed)] if after.leader_id == bidder_id else []
    if before.leader_id not in (None, after.leader_id) and before.leader_maximum is not None:
        assert before.leader_id is not None
        row = replace(row, outbid_id=before.leader_id, released=before.leader_maximum)
        wallets.append(WalletChange.hold(before.leader_id, -before.leader_maximum))
    after, row = audit.append(before, after, row)
    return Accepted(after, row, needed, tuple(wallets))


def _with_reserve(terms: Terms, price: Money, leader_maximum: Money) -> Money:
    """Whenever the leader's maximum covers the reserve, the price is at least the reserve."""
    reserve = terms.reserve_price
    return max(price, reserve) if reserve is not None and leader_maximum >= reserve else price


def _extended(auction: Auction, now: datetime) -> datetime:
    """Soft close: W seconds after a late bid, never beyond the scheduled end + max_extension_seconds."""
    window = timedelta(seconds=auction.terms.extend_seconds)
    if auction.ends_at - now > window:
        return auction.ends_at
    latest = auction.scheduled_end + timedelta(seconds=auction.terms.max_extension_seconds)
    return max(auction.ends_at, min(now + window, latest))


def _why(auction: Auction) -> Sentence:
    """The rule that set the price of a sold lot."""
    terms, price, second = auction.terms, auction.price, auction.runner_up_maximum
    if auction.bought:
        return _("It was bought at once for its buy-now price, {price}.", price=price)
    if price == terms.reserve_price and (second is None or second + terms.step(second) < price):
        return _(
            "The other bids did not reach the seller's minimum price, so the winner pays that price: {price}.",
            price=price,
        )
    if second is None:
        return _("There was one bidder, so the price stayed at the start price: {price}.", price=price)
    step = terms.step(second)
    if price == second + step:
        return _(
            "The next highest maximum was {second}; one step of {step} above it makes {price}.",
            second=second,
            step=step,
            price=price,
        )
    if price == auction.leader_maximum:
        return _(
            "The winner's maximum, {price}, is less than a step above the next highest, {second}: it is the price.",
            second=second,
            price=price,
        )
    return _("The price had already reached {price}; it never goes down.", price=price)
