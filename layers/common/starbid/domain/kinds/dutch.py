"""Dutch auction: the price falls by itself, the first who buys wins.

Source of every rule here: spec, section 3 ("Dutch").
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from starbid.domain.auction import Auction, Bid, Ending, Terms
from starbid.domain.errors import Invalid, InvalidFields, NotBiddable, PriceMoved
from starbid.domain.kinds import base
from starbid.domain.kinds.base import Accepted, Amounts, Seconds, View
from starbid.domain.kinds.descent import Descent
from starbid.domain.money import Money
from starbid.domain.sentences import Every, Sentence, _


class Dutch:
    name = "dutch"
    is_sealed, falls = False, True
    label = _("Price drops")
    badge: Sentence | None = _("Price drops")
    line = _("It goes down automatically; the first to buy gets it.")
    pays: Sentence | None = None
    fields = ("floor_price", "drop_amount", "drop_seconds")

    def terms(self, amounts: Amounts, seconds: Seconds) -> Terms:
        every = seconds.get("drop_seconds")
        start, floor, drop = base.required(amounts, "start_price", "floor_price", "drop_amount")
        if every is None:
            raise InvalidFields((Invalid("drop_seconds", "required"),))
        errors = self.contradictions(amounts, seconds)
        if errors:
            raise InvalidFields(tuple(errors))
        return Terms(self.name, start, floor_price=floor, drop_amount=drop, drop_seconds=every, extend_seconds=0)

    def contradictions(self, amounts: Amounts, seconds: Seconds) -> list[Invalid]:
        """The floor is not above the start, and the steps reach it before the end."""
        start, floor, drop = (amounts.get(name) for name in ("start_price", "floor_price", "drop_amount"))
        every, duration = seconds.get("drop_seconds"), seconds.get("duration_seconds")
        errors = base.foreign_to(self, amounts)
        if start is None or floor is None:
            return errors
        if floor > start:
            errors.append(Invalid("floor_price", "above_start", most=start.amount, currency=start.currency))
        elif drop is not None and every is not None and duration is not None:
            descent = Descent(start, floor, drop, timedelta(seconds=every))
            if not descent.reaches_floor_in(duration):
                errors.append(Invalid("drop_amount", "never_reaches_floor"))
        return errors

    def bid(self, auction: Auction, bidder_id: int, maximum: Money, now: datetime, staked: Money | None) -> Accepted:
        base.require_amount(maximum, auction)
        base.require_open(auction, bidder_id, now)
        raise NotBiddable

    def least_bid(self, auction: Auction, bidder_id: int, staked: Money | None) -> Money:
        """There is nothing to bid; the least that ever wins is the floor."""
        return auction.terms.floor_price or auction.terms.start_price

    def buy(self, auction: Auction, buyer_id: int, seen_price: Money, now: datetime) -> Money:
        """The present price is charged; one above the seen price is rejected."""
        base.require_amount(seen_price, auction, "seen_price")
        base.require_open(auction, buyer_id, now)
        price = self.descent(auction.terms).price_after(now - auction.starts_at)
        if price > seen_price:
            raise PriceMoved(price)
        return price

    def view(self, auction: Auction, now: datetime) -> View:
        if auction.ending is Ending.SOLD:
            return View(auction.price, None, None, auction.leader_id)
        stopped = min(auction.clock(now), auction.ends_at, auction.ended_at or auction.ends_at)
        price = self.descent(auction.terms).price_after(stopped - auction.starts_at)
        return View(price, None, price if auction.status(now).is_open else None, None)

    def descent(self, terms: Terms) -> Descent:
        assert terms.floor_price is not None
        assert terms.drop_amount is not None
        assert terms.drop_seconds is not None
        every = timedelta(seconds=terms.drop_seconds)
        return Descent(terms.start_price, terms.floor_price, terms.drop_amount, every)

    def next_fall(self, auction: Auction, now: datetime, apart: timedelta = timedelta(0)) -> datetime | None:
        """With `apart`, every second, third ... fall from the start on, so that the moments are the same for all."""
        if not auction.status(now).is_open or auction.stands_still(now):
            return None
        if now < auction.starts_at:
            return auction.starts_at
        descent = self.descent(auction.terms)
        if now - auction.starts_at >= descent.lasts:
            return None
        stride = descent.every * max(1, -(-apart // descent.every))
        falls_at = auction.starts_at + stride * ((now - auction.starts_at) // stride + 1)
        return falls_at if falls_at < auction.ends_at else None

    def counted(self, auction: Auction, bidder_id: int, maximum: Money) -> Auction:
        """Nobody bids."""
        return auction

    def winner(self, auction: Auction) -> tuple[int, Money] | None:
        """Nobody: who buys ends the lot at once."""
        return None

    def list_price(self, auction: Auction) -> Money:
        return auction.terms.floor_price or auction.price

    def rules(self, auction: Auction, now: datetime) -> tuple[Sentence, ...]:
        descent = self.descent(auction.terms)
        said = [
            _(
                "The price starts at {start} and drops by {drop} {every}, down to {floor}.",
                start=descent.start,
                drop=descent.drop,
                every=Every(descent.every),
                floor=descent.floor,
            ),
            _("The first to buy gets it, at the price of that moment and never above the price they saw."),
        ]
        if self.next_fall(auction, now):
            said.append(_("Wait and it gets cheaper; wait too long and somebody else buys it."))
        return tuple(said)

    def why(self, auction: Auction) -> tuple[Sentence, ...]:
        at = auction.ended_at or auction.ends_at
        return (
            _(
                "The price was {price} when it was bought, {after} after the start.",
                price=auction.price,
                after=_roughly(at - auction.starts_at),
            ),
        )

    def opened(self, auction: Auction, rows: Sequence[Bid]) -> frozenset[int]:
        """Nothing was hidden."""
        return frozenset()


def _roughly(length: timedelta) -> timedelta:
    """As people would say it: to the second up to two minutes, to the minute up to ten hours, then to the hour."""
    unit = timedelta(hours=1) if length >= timedelta(hours=10) else timedelta(minutes=1)
    return length // unit * unit if length >= timedelta(minutes=2) else length
