"""What follows a sale: delivery, confirmation or dispute, the money's release or return, ratings (spec, section 3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from starbid.domain.errors import AlreadyDisputed, AlreadyRated, DealFrozen, NotYours, WrongDealState
from starbid.domain.ledger import ESCROW, REVENUE, Transfer, move, user_account
from starbid.domain.money import MINOR_UNITS, Money
from starbid.domain.people import Reputation
from starbid.domain.ratings import RATING_TIME, Rating, earned, read_rating
from starbid.domain.texts import read_text

DELIVERY_LENGTH = 4000
DISPUTE_LENGTH = 2000
ANSWER_LENGTH = 2000
REASON_LENGTH = 500
DISPUTE_TIME = timedelta(days=30)
"""A dispute that nobody has decided by then decides itself."""
LEAST_COUNTED = 20
"""Whole units of the currency: a deal below this counts for nobody's reputation."""


class DealState(StrEnum):
    AWAITING_DELIVERY = "awaiting_delivery"
    DELIVERED = "delivered"
    DISPUTED = "disputed"
    COMPLETED = "completed"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class DealTimes:
    """Whole days (`DEAL_RELEASE_DAYS`, `DEAL_DELIVERY_DAYS`)."""

    release_days: int = 7
    delivery_days: int = 7


@dataclass(frozen=True, slots=True)
class Deal:
    """The price sits in escrow from the sale on. `delivery` is what the seller handed over, for the buyer's eyes only.

    `due_at` is when the deal moves on by itself: release after a delivery, return where nothing was delivered; 30 days
    into a dispute; `delivery_days` into a freeze; in a completed deal, when a rating that is hidden until then appears.
    In a dispute the buyer says `dispute`, the seller `answer`, and the admin who settles it `reason`.

    A dispute and a freeze (`frozen_at`: the buyer owes) stop the clock: `left` is what was left until `due_at` when it
    began, `idle` the time that counts for no deadline so far. `bought` is how much of the price came out of what the
    buyer had paid in: as much is paid in again where it goes back. A completed deal that `counts` stands in the
    reputation of the two. Of `ratings` show people `visible_ratings` only. `second_of` is the lot whose runner-up took
    this one as a second chance.
    """

    auction_id: str
    seller_id: int
    buyer_id: int
    price: Money
    fee: Money
    sold_at: datetime
    due_at: datetime | None
    state: DealState = DealState.AWAITING_DELIVERY
    delivery: str | None = None
    delivered_at: datetime | None = None
    dispute: str | None = None
    disputed_at: datetime | None = None
    answer: str | None = None
    reason: str = ""
    ended_at: datetime | None = None
    ratings: tuple[Rating, ...] = ()
    second_of: str = ""
    bought: int = 0
    frozen_at: datetime | None = None
    left: timedelta = timedelta(0)
    idle: timedelta = timedelta(0)
    counts: bool = False
    version: int = 1

    @property
    def payout(self) -> Money:
        """What the seller gets: price - fee."""
        return self.price - self.fee

    @property
    def is_delivered(self) -> bool:
        return self.delivered_at is not None


def open_deal(
    auction_id: str,
    seller_id: int,
    buyer_id: int,
    price: Money,
    bought: Money,
    fee_percent: int,
    now: datetime,
    times: DealTimes,
) -> Deal:
    """A deal at its start. Undelivered after twice `delivery_days` it returns the money by itself."""
    due = now + timedelta(days=2 * times.delivery_days)
    fee = price.percent(fee_percent)
    return Deal(auction_id, seller_id, buyer_id, price, fee, now, due, bought=bought.amount)


def deliver(deal: Deal, person_id: int, text: str, now: datetime, times: DealTimes) -> Deal:
    """The seller hands over what the buyer needs (1 to 4000 characters); the release is due `release_days` later.

    Too late once the money is due to return, whether or not that has been done. Raises DealFrozen while the buyer owes.
    """
    _require(deal, person_id, deal.seller_id, DealState.AWAITING_DELIVERY)
    _require_running(deal)
    _require_in_time(deal, now)
    text = read_text("text", text, 1, DELIVERY_LENGTH)
    due = now + timedelta(days=times.release_days)
    return _next(deal, state=DealState.DELIVERED, delivery=text, delivered_at=now, due_at=due)


def confirm(deal: Deal, person_id: int, now: datetime) -> tuple[Deal, Transfer]:
    """The buyer confirms what was delivered: the seller gets price - fee."""
    _require(deal, person_id, deal.buyer_id, DealState.DELIVERED)
    return _complete(deal, now)


def release(deal: Deal, now: datetime) -> tuple[Deal, Transfer]:
    """Delivered, not disputed, and the time is over: released as if it had been confirmed."""
    _require_due(deal, DealState.DELIVERED, now)
    return _complete(deal, now)


def take_back(deal: Deal, person_id: int, now: datetime, times: DealTimes) -> tuple[Deal, Transfer]:
    """The buyer of a lot not delivered for `delivery_days` takes the money back."""
    _require(deal, person_id, deal.buyer_id, DealState.AWAITING_DELIVERY)
    _require_running(deal)
    if now < may_take_back_at(deal, times):
        raise WrongDealState(deal.state)
    return _refund(deal, now)


def may_take_back_at(deal: Deal, times: DealTimes) -> datetime:
    return deal.sold_at + timedelta(days=times.delivery_days) + deal.idle


def may_take_back(deal: Deal, times: DealTimes, now: datetime) -> bool:
    """Whether the buyer may have the money back: nothing was delivered in time, and no freeze stops the clock."""
    waits = deal.state is DealState.AWAITING_DELIVERY and deal.frozen_at is None
    return waits and now >= may_take_back_at(deal, times)


def expire(deal: Deal, now: datetime) -> tuple[Deal, Transfer]:
    """Never delivered in twice `delivery_days`: the money returns by itself."""
    _require_due(deal, DealState.AWAITING_DELIVERY, now)
    _require_running(deal)
    return _refund(deal, now)


def freeze(deal: Deal, now: datetime, times: DealTimes) -> Deal:
    """The buyer owes: nothing is to be delivered until the debt is settled, and the seller's time stands still.

    The price goes back `delivery_days` later. Raises WrongDealState for a deal that has moved on or is frozen already.
    """
    if deal.state is not DealState.AWAITING_DELIVERY or deal.frozen_at is not None or deal.due_at is None:
        raise WrongDealState(deal.state)
    _require_in_time(deal, now)
    until = now + timedelta(days=times.delivery_days)
    return _next(deal, frozen_at=now, left=deal.due_at - now, due_at=until)


def thaw(deal: Deal, now: datetime) -> Deal:
    """The debt is settled: the deal goes on, with the time that was left. Raises WrongDealState unless it is frozen."""
    if deal.frozen_at is None:
        raise WrongDealState(deal.state)
    return _next(_running(deal, now))


def give_back(deal: Deal, now: datetime) -> tuple[Deal, Transfer]:
    """The debt was not settled in the time of the freeze: the price goes back, and settles it."""
    if deal.frozen_at is None:
        raise WrongDealState(deal.state)
    _require_due(deal, DealState.AWAITING_DELIVERY, now)
    return _refund(_running(deal, now), now)


def dispute(deal: Deal, person_id: int, text: str, now: datetime) -> Deal:
    """The buyer objects (1 to 2000 characters), from the sale on and once: an admin settles it, or 30 days do.

    Too late once the money is due to move by itself, whether or not that has been done. Its time counts for no
    deadline. A deal that was frozen is disputed instead.
    """
    text = read_text("text", text, 1, DISPUTE_LENGTH)
    _require(deal, person_id, deal.buyer_id, DealState.AWAITING_DELIVERY, DealState.DELIVERED)
    if deal.dispute is not None:
        raise AlreadyDisputed
    _require_in_time(deal, now)
    deal, due = _running(deal, now), now + DISPUTE_TIME
    left = deal.due_at - now if deal.due_at else timedelta(0)
    return _next(deal, state=DealState.DISPUTED, dispute=text, disputed_at=now, left=left, due_at=due)


def may_dispute(deal: Deal, now: datetime) -> bool:
    """Whether the buyer may still object."""
    in_time = deal.due_at is None or now < deal.due_at
    open_ = deal.state in (DealState.AWAITING_DELIVERY, DealState.DELIVERED)
    return open_ and in_time and deal.dispute is None


def withdraw(deal: Deal, person_id: int, now: datetime) -> Deal:
    """The buyer takes the objection back: the deal goes on where it stood, with the time that was left."""
    _require(deal, person_id, deal.buyer_id, DealState.DISPUTED)
    _require_in_time(deal, now)
    assert deal.disputed_at is not None
    state = DealState.DELIVERED if deal.is_delivered else DealState.AWAITING_DELIVERY
    return _next(_resumed(deal, deal.disputed_at, now), state=state)


def decide_by_time(deal: Deal, now: datetime) -> tuple[Deal, Transfer]:
    """Undecided for 30 days: what was delivered is paid for, else the price goes back."""
    _require_due(deal, DealState.DISPUTED, now)
    return _complete(deal, now) if deal.is_delivered else _refund(deal, now)


def answer(deal: Deal, person_id: int, text: str) -> Deal:
    """The seller's side of a dispute (1 to 2000 characters), until it is settled; of several the last one counts.

    The same text again changes nothing.
    """
    _require(deal, person_id, deal.seller_id, DealState.DISPUTED)
    text = read_text("text", text, 1, ANSWER_LENGTH)
    return deal if text == deal.answer else _next(deal, answer=text)


def settle(deal: Deal, release: bool, reason: str, now: datetime) -> tuple[Deal, Transfer]:
    """An admin ends a dispute: release to the seller, or refund to the buyer without a fee. 1 to 500 characters why."""
    reason = read_text("reason", reason, 1, REASON_LENGTH)
    if deal.state is not DealState.DISPUTED:
        raise WrongDealState(deal.state)
    settled = replace(deal, reason=reason)
    return _complete(settled, now) if release else _refund(settled, now)


def rate(deal: Deal, person_id: int, stars: int, text: str, now: datetime) -> Deal:
    """One side of a completed deal rates the other, once: 1 to 5 stars and up to 1000 characters."""
    rating = read_rating(person_id == deal.seller_id, stars, text, now)
    if person_id not in (deal.seller_id, deal.buyer_id):
        raise NotYours
    if deal.state is not DealState.COMPLETED:
        raise WrongDealState(deal.state)
    if not may_rate(deal, rating.by_seller):
        raise AlreadyRated
    after = replace(deal, ratings=(*deal.ratings, rating))
    return _next(after, due_at=None if _may_show(after, now) else _blind_until(after))


def may_rate(deal: Deal, as_seller: bool) -> bool:
    """Whether this side has yet to rate a deal that is completed."""
    return deal.state is DealState.COMPLETED and all(rating.by_seller is not as_seller for rating in deal.ratings)


def publish_ratings(deal: Deal, now: datetime) -> Deal:
    """The time of a rating that waited for the other one is over: it counts from now on."""
    _require_due(deal, DealState.COMPLETED, now)
    return _next(deal, due_at=None)


def visible_ratings(deal: Deal, now: datetime) -> tuple[Rating, ...]:
    """The ratings that people may see: both, or after 7 days what there is."""
    return deal.ratings if _may_show(deal, now) else ()


def reputation_gains(before: Deal, after: Deal) -> dict[int, Reputation]:
    """What a step does to the counters of the two sides: a completed deal, and ratings that have just appeared.

    A rating counts from the step that takes the deal's `due_at` away, so that counters tell nothing of a hidden one.
    """
    gains = {
        person_id: _standing(after, as_seller) - _standing(before, as_seller)
        for person_id, as_seller in ((after.seller_id, True), (after.buyer_id, False))
    }
    return {person_id: gain for person_id, gain in gains.items() if gain}


def may_count(deal: Deal) -> bool:
    """Whether a deal is large enough for anybody's reputation; of each pair of people one counts (spec, section 3)."""
    return deal.price.amount >= LEAST_COUNTED * MINOR_UNITS[deal.price.currency]


def _standing(deal: Deal, as_seller: bool) -> Reputation:
    """All that a deal has given so far to its seller, or else to its buyer."""
    if deal.state is not DealState.COMPLETED or not deal.counts:
        return Reputation()
    done = Reputation(sold=1) if as_seller else Reputation(bought=1)
    return done + earned(deal.ratings if deal.due_at is None else (), as_seller=as_seller)


def _may_show(deal: Deal, now: datetime) -> bool:
    return len(deal.ratings) == 2 or (deal.ended_at is not None and now >= _blind_until(deal))


def _blind_until(deal: Deal) -> datetime:
    assert deal.ended_at is not None
    return deal.ended_at + RATING_TIME


def _require(deal: Deal, person_id: int, allowed_id: int, *states: DealState) -> None:
    if person_id != allowed_id:
        raise NotYours
    if deal.state not in states:
        raise WrongDealState(deal.state)


def _require_running(deal: Deal) -> None:
    if deal.frozen_at is not None:
        raise DealFrozen


def _require_in_time(deal: Deal, now: datetime) -> None:
    if deal.due_at is not None and now >= deal.due_at:
        raise WrongDealState(deal.state)


def _require_due(deal: Deal, state: DealState, now: datetime) -> None:
    if deal.state is not state or deal.due_at is None or now < deal.due_at:
        raise WrongDealState(deal.state)


def _running(deal: Deal, now: datetime) -> Deal:
    """The deal with its clock going, whether or not it was frozen."""
    return deal if deal.frozen_at is None else replace(_resumed(deal, deal.frozen_at, now), frozen_at=None)


def _resumed(deal: Deal, since: datetime, now: datetime) -> Deal:
    """The clock stood still `since` then: what was left until `due_at` is left again."""
    return replace(deal, due_at=now + deal.left, left=timedelta(0), idle=deal.idle + (now - since))


def _complete(deal: Deal, now: datetime) -> tuple[Deal, Transfer]:
    parts = {ESCROW: -deal.price, user_account(deal.seller_id): deal.payout, REVENUE: deal.fee}
    transfer = move(f"release:{deal.auction_id}", "release", deal.seller_id, now, parts, auction_id=deal.auction_id)
    return _next(deal, state=DealState.COMPLETED, ended_at=now, due_at=None, left=timedelta(0)), transfer


def _refund(deal: Deal, now: datetime) -> tuple[Deal, Transfer]:
    parts = {ESCROW: -deal.price, user_account(deal.buyer_id): deal.price}
    facts = {"auction_id": deal.auction_id, "bought": str(deal.bought)}
    transfer = move(f"return:{deal.auction_id}", "return", deal.buyer_id, now, parts, **facts)
    return _next(deal, state=DealState.REFUNDED, ended_at=now, due_at=None, left=timedelta(0)), transfer


def _next(deal: Deal, **changes: object) -> Deal:
    return replace(deal, version=deal.version + 1, **changes)  # type: ignore[arg-type]
