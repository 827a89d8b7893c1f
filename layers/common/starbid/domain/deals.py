"""What follows a sale: delivery, confirmation, release of the money, or its return (spec, section 3, "Deal")."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from starbid.domain.errors import Invalid, NotYours, WrongDealState
from starbid.domain.ledger import ESCROW, REVENUE, Transfer, move, user_account
from starbid.domain.money import Money

DELIVERY_LENGTH = 4000


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

    `due_at` is when the deal moves on by itself: release after a delivery, return where nothing was delivered.
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
    ended_at: datetime | None = None
    version: int = 1

    @property
    def payout(self) -> Money:
        """What the seller gets: price - fee."""
        return self.price - self.fee


def open_deal(
    auction_id: str, seller_id: int, buyer_id: int, price: Money, fee_percent: int, now: datetime, times: DealTimes
) -> Deal:
    """A deal at its start. Undelivered after twice `delivery_days` it returns the money by itself."""
    due = now + timedelta(days=2 * times.delivery_days)
    return Deal(auction_id, seller_id, buyer_id, price, price.percent(fee_percent), now, due)


def deliver(deal: Deal, person_id: int, text: str, now: datetime, times: DealTimes) -> Deal:
    """The seller hands over what the buyer needs (1 to 4000 characters); the release is due `release_days` later.

    Too late once the money is due to return, whether or not that has been done.
    """
    _require(deal, person_id, deal.seller_id, DealState.AWAITING_DELIVERY)
    if deal.due_at is not None and now >= deal.due_at:
        raise WrongDealState(deal.state)
    text = text.strip()
    if not 1 <= len(text) <= DELIVERY_LENGTH:
        raise Invalid("text", "length", least=1, most=DELIVERY_LENGTH)
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
    if now < may_take_back_at(deal, times):
        raise WrongDealState(deal.state)
    return _refund(deal, now)


def may_take_back_at(deal: Deal, times: DealTimes) -> datetime:
    return deal.sold_at + timedelta(days=times.delivery_days)


def expire(deal: Deal, now: datetime) -> tuple[Deal, Transfer]:
    """Never delivered in twice `delivery_days`: the money returns by itself."""
    _require_due(deal, DealState.AWAITING_DELIVERY, now)
    return _refund(deal, now)


def _require(deal: Deal, person_id: int, allowed_id: int, state: DealState) -> None:
    if person_id != allowed_id:
        raise NotYours
    if deal.state is not state:
        raise WrongDealState(deal.state)


def _require_due(deal: Deal, state: DealState, now: datetime) -> None:
    if deal.state is not state or deal.due_at is None or now < deal.due_at:
        raise WrongDealState(deal.state)


def _complete(deal: Deal, now: datetime) -> tuple[Deal, Transfer]:
    parts = {ESCROW: -deal.price, user_account(deal.seller_id): deal.payout, REVENUE: deal.fee}
    transfer = move(f"release:{deal.auction_id}", "release", deal.seller_id, now, parts, auction_id=deal.auction_id)
    return _next(deal, state=DealState.COMPLETED, ended_at=now, due_at=None), transfer


def _refund(deal: Deal, now: datetime) -> tuple[Deal, Transfer]:
    parts = {ESCROW: -deal.price, user_account(deal.buyer_id): deal.price}
    transfer = move(f"return:{deal.auction_id}", "return", deal.buyer_id, now, parts, auction_id=deal.auction_id)
    return _next(deal, state=DealState.REFUNDED, ended_at=now, due_at=None), transfer


def _next(deal: Deal, **changes: object) -> Deal:
    return replace(deal, version=deal.version + 1, **changes)  # type: ignore[arg-type]
