"""Notices about deals: to their two sides, and of disputes to the admins."""

from __future__ import annotations

from starbid.domain.events import (
    AddressGiven,
    DealFroze,
    DealReminded,
    DealThawed,
    DisputeAnswered,
    DisputeWithdrawn,
    Event,
    LotDelivered,
    LotDisputed,
    LotRated,
    MoneyReleased,
    MoneyReturned,
    SecondChanceDeclined,
    SecondChanceExpired,
    SecondChanceOffered,
)
from starbid.domain.lots import Lot
from starbid.services.notices.registry import Crowd, Latest, News, kind, tells, to_one
from starbid.services.ports import Notice

DELIVERED = to_one(LotDelivered, "delivered", "buyer_id")
ADDRESS_GIVEN = to_one(AddressGiven, "address_given", "seller_id", "corrected")


def _still_waits(notice: Notice, lot: Lot) -> bool:
    """Whether the deal stands where it did when it reminded; what has just been done is not asked for."""
    return lot.deal is not None and lot.deal.state == notice.facts["state"] and lot.deal.frozen_at is None


REMINDED = kind("reminded", holds=_still_waits)
RELEASED = kind("released")
RETURNED = kind("returned")
DISPUTED = kind("disputed")
DISPUTE_OPENED = kind("dispute_opened")
"""To the admins: what is open has changed. One message of each of them shows it (services.open_disputes)."""
DISPUTE_ANSWERED = kind(
    "dispute_answered",
    Latest(
        told=lambda notice: int(notice.facts["version"]),
        shown=lambda lot: lot.deal.version if lot.deal else 0,
        of_all_lots=True,
    ),
)
DISPUTE_WITHDRAWN = kind("dispute_withdrawn")
FROZEN = kind("frozen")
THAWED = to_one(DealThawed, "thawed", "seller_id")
RATED = to_one(LotRated, "rated", "rated_id", "visible")
SECOND_CHANCE = to_one(SecondChanceOffered, "second_chance", "to_id", "price", "until")
SECOND_CHANCE_DECLINED = to_one(SecondChanceDeclined, "second_chance_declined", "seller_id", "price")
SECOND_CHANCE_EXPIRED = to_one(SecondChanceExpired, "second_chance_expired", "seller_id", "price")


@tells(DealReminded)
def deal_reminded(event: DealReminded) -> News:
    return News((REMINDED.of(event, event.reminded_id, state=event.state),))


@tells(MoneyReleased)
def money_released(event: MoneyReleased) -> News:
    people = [event.seller_id] if event.by == "buyer" else [event.seller_id, event.buyer_id]
    facts = {"payout": event.payout, "fee": event.fee, "by": event.by, "reason": event.reason}
    return _settled(event, tuple(RELEASED.of(event, who, **facts) for who in people))


@tells(MoneyReturned)
def money_returned(event: MoneyReturned) -> News:
    facts = {"price": event.price, "by": event.by, "reason": event.reason}
    return _settled(event, tuple(RETURNED.of(event, who, **facts) for who in (event.buyer_id, event.seller_id)))


def _settled(event: MoneyReleased | MoneyReturned, notices: tuple[Notice, ...]) -> News:
    """Where an admin settled, the others' message of what is open is no longer right."""
    return _to_admins_too(event, notices) if event.by == "admin" else News(notices)


def _to_admins_too(event: Event, notices: tuple[Notice, ...]) -> News:
    return News(notices, (Crowd.ADMINS,), lambda admin: DISPUTE_OPENED.of(event, admin))


@tells(LotDisputed)
def lot_disputed(event: LotDisputed) -> News:
    return _to_admins_too(event, (DISPUTED.of(event, event.seller_id, text=event.text),))


@tells(DisputeWithdrawn)
def dispute_withdrawn(event: DisputeWithdrawn) -> News:
    return _to_admins_too(event, (DISPUTE_WITHDRAWN.of(event, event.seller_id),))


@tells(DisputeAnswered)
def dispute_answered(event: DisputeAnswered) -> News:
    facts = {"text": event.text, "version": event.version}
    return News((), (Crowd.ADMINS,), lambda admin: DISPUTE_ANSWERED.of(event, admin, **facts))


@tells(DealFroze)
def deal_froze(event: DealFroze) -> News:
    both = (event.seller_id, event.buyer_id)
    return News(tuple(FROZEN.of(event, who, until=event.until) for who in both))
