"""Sealed bids: hidden from everyone until the close, each held in full; the highest wins, the earlier of equals.

The winner pays the own bid here, the second highest in a Vickrey auction. Source of every rule: spec, section 3
("Sealed and Vickrey").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from starbid.domain import audit
from starbid.domain.auction import Auction, Bid, BidKind, Terms
from starbid.domain.errors import BidTooLow, Invalid, InvalidFields, NotForSale
from starbid.domain.kinds import base
from starbid.domain.kinds.base import Accepted, Amounts, Kind, Seconds, View
from starbid.domain.money import Money
from starbid.domain.sentences import Sentence, _
from starbid.domain.wallet import Stake, WalletChange


class Sealed(Kind):
    name = "sealed"
    is_sealed, falls = True, False
    label = _("Sealed bids")
    badge: Sentence | None = _("Sealed bids")
    line = _("Bids are hidden until the end; the highest wins and pays its own amount.")
    pays: Sentence | None = _("If you win, you pay what you bid.")
    fields: tuple[str, ...] = ("reserve_price",)

    def terms(self, amounts: Amounts, seconds: Seconds) -> Terms:
        """Such a lot ends when it ends: a hidden bid moves nothing."""
        (start,) = base.required(amounts, "start_price")
        errors = self.contradictions(amounts, seconds)
        if errors:
            raise InvalidFields(tuple(errors))
        return Terms(self.name, start, amounts.get("reserve_price"), extend_seconds=0)

    def contradictions(self, amounts: Amounts, seconds: Seconds) -> list[Invalid]:
        """Reserve not below the start."""
        return base.below_start(amounts.get("start_price"), amounts.get("reserve_price")) + base.foreign_to(
            self, amounts
        )

    def bid(self, auction: Auction, bidder_id: int, maximum: Money, now: datetime, staked: Money | None) -> Accepted:
        """The public state stays as it is but for the number of bids; the best two are kept for the close."""
        base.require_amount(maximum, auction)
        base.require_open(auction, bidder_id, now)
        least = self.least_bid(auction, bidder_id, staked)
        if maximum < least:
            raise BidTooLow(least)
        after = self.counted(auction, bidder_id, maximum)
        kind = BidKind.BID if staked is None else BidKind.RAISE
        row = base.row_of(auction, after, kind, bidder_id, maximum, now, sealed=True)
        after, row = audit.append(auction, after, row)
        more = maximum if staked is None else maximum - staked
        hold = WalletChange.hold(bidder_id, more, Stake(auction.id, staked, maximum))
        return Accepted(after, row, more, (hold,))

    def least_bid(self, auction: Auction, bidder_id: int, staked: Money | None) -> Money:
        """The start price, and more than one's own bid so far."""
        return auction.terms.start_price if staked is None else staked + Money(1, auction.currency)

    def buy(self, auction: Auction, buyer_id: int, seen_price: Money, now: datetime) -> Money:
        base.require_amount(seen_price, auction, "seen_price")
        base.require_open(auction, buyer_id, now)
        raise NotForSale

    def view(self, auction: Auction, now: datetime) -> View:
        """A live lot shows its start price and nobody; an ended one the price paid."""
        start = auction.terms.start_price
        if auction.is_final:
            return View(auction.price, None, None, base.shown_leader(auction))
        return View(start, start if auction.status(now).is_open else None, None, None)

    def counted(self, auction: Auction, bidder_id: int, maximum: Money) -> Auction:
        """With the best two bids of different people. Bids only rise, so the best two are enough to know."""
        after = replace(auction, bids_count=auction.bids_count + 1, version=auction.version + 1)
        if auction.leader_maximum is None or bidder_id == auction.leader_id:
            return replace(after, leader_id=bidder_id, leader_maximum=maximum)
        if maximum > auction.leader_maximum:
            second = (auction.leader_id, auction.leader_maximum)
            after = replace(after, leader_id=bidder_id, leader_maximum=maximum)
        elif auction.runner_up_maximum is None or maximum > auction.runner_up_maximum:
            second = (bidder_id, maximum)
        else:
            return after
        return replace(after, runner_up_id=second[0], runner_up_maximum=second[1])

    def winner(self, auction: Auction) -> tuple[int, Money] | None:
        if auction.leader_id is None or auction.leader_maximum is None or not auction.reserve_met:
            return None
        return auction.leader_id, self.price(auction, auction.leader_maximum)

    def price(self, auction: Auction, best: Money) -> Money:
        """First price: what the winner bid."""
        return best

    def list_price(self, auction: Auction) -> Money:
        return auction.terms.start_price

    def rules(self, auction: Auction, now: datetime) -> tuple[Sentence, ...]:
        said = [
            _("Bids are hidden: until the end nobody, not even the seller, sees who bid or how much."),
            _("Each bid is frozen in full until the end. You can raise yours but not lower it."),
            self.winning_rule(),
        ]
        if auction.terms.reserve_price:
            said.append(_("The seller set a hidden minimum price. Below it the lot is not sold."))
        return tuple(said)

    def winning_rule(self) -> Sentence:
        return _("The highest bid wins and pays its own amount. Of equal bids the earlier one wins.")

    def why(self, auction: Auction) -> tuple[Sentence, ...]:
        said = [_("The highest bid won and pays its own amount: {price}.", price=auction.price)]
        if auction.runner_up_maximum:
            said.append(_("The next highest was {second}.", second=auction.runner_up_maximum))
        return tuple(said)

    def opened(self, auction: Auction, rows: Sequence[Bid]) -> frozenset[int]:
        """Everybody's last bid: what was paid, and that nobody bid more. The winner's only where it is the price, and
        none of those who were left out.
        """
        latest = [row for row in base.latest_by_bidder(rows).values() if row.bidder_id not in auction.left_out]
        shown = {row.number for row in latest if row.bidder_id != auction.leader_id or row.maximum == auction.price}
        return frozenset(shown | ({audit.RESERVE} if auction.terms.reserve_price == auction.price else set()))
