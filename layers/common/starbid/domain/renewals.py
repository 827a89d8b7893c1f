"""Subscriptions that Telegram renews every 30 days, as it reports of them (spec, section 4, "Stars payments").

A report says whether the next payment will be taken. It never moves the end of the days that are paid for.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

KEPT = 5
"""A person may have begun several, each by an invoice of its own."""
ORDERED_FOR = timedelta(days=1)
"""For so long Telegram brings an update; after a week of silence it numbers them from anywhere."""


class RenewalState(StrEnum):
    """In Telegram's words. `active`: Telegram takes the next payment; `failed`: it could not."""

    ACTIVE = "active"
    CANCELED = "canceled"
    FAILED = "failed"


class Choice(StrEnum):
    """What a person can do here about their renewal."""

    STOP = "stop"
    ALLOW = "allow"


@dataclass(frozen=True, slots=True)
class Renewal:
    """`order_id` is the invoice that began it; `heard` the number of the newest update that told of it. `by_bot`: it is
    cancelled, and by us, as the person wished: they can resume it in Telegram only once we allow it.
    """

    order_id: str
    state: RenewalState
    heard: int
    heard_at: datetime
    by_bot: bool = False


Renewals = tuple[Renewal, ...]
"""What a person has; the one that changed last stands last. Of too many, those that run on are the last to go."""


def reported(renewals: Renewals, order_id: str, state: RenewalState, update_id: int, now: datetime) -> Renewals:
    """With what an update says of the subscription that `order_id` began; the same tuple where it says nothing new.

    Payments and reports reach us in queues of their own, so one may overtake the other: the higher number is right.
    """
    known = next((each for each in renewals if each.order_id == order_id), None)
    if known and update_id <= known.heard and now - known.heard_at < ORDERED_FOR:
        return renewals
    by_bot = known is not None and known.by_bot and state is RenewalState.CANCELED
    kept = [*(each for each in renewals if each is not known), Renewal(order_id, state, update_id, now, by_bot)]
    while len(kept) > KEPT:
        kept.remove(next((each for each in kept[:-1] if each.state is not RenewalState.ACTIVE), kept[0]))
    return tuple(kept)


def without_failed(renewals: Renewals) -> Renewals:
    """Somebody who paid in another way need not be told any more that Telegram could not."""
    return tuple(each for each in renewals if each.state is not RenewalState.FAILED)


def without(renewals: Renewals, order_id: str | None) -> Renewals:
    """One that we ended ourselves: nothing more is to be said of it."""
    return tuple(each for each in renewals if each.order_id != order_id)


def running(renewals: Renewals) -> tuple[str, ...]:
    """The invoices of those that Telegram takes the next payment for."""
    return tuple(each.order_id for each in renewals if each.state is RenewalState.ACTIVE)


def stopped_by_bot(renewals: Renewals) -> tuple[str, ...]:
    """The invoices of those that we cancelled, and may allow again."""
    return tuple(each.order_id for each in renewals if each.by_bot)


def choice(renewals: Renewals, *, may_sell: bool) -> Choice | None:
    """What Telegram takes money for can be stopped, whether days are left or not; allowing it again is about the days
    that are paid for.
    """
    if running(renewals):
        return Choice.STOP
    return Choice.ALLOW if may_sell and stopped_by_bot(renewals) else None


def with_stopped(renewals: Renewals, order_ids: Collection[str]) -> Renewals:
    """We cancelled them, as the person wished. A later report of Telegram's still counts."""
    return tuple(
        replace(each, state=RenewalState.CANCELED, by_bot=True) if each.order_id in order_ids else each
        for each in renewals
    )


def with_allowed(renewals: Renewals, order_ids: Collection[str]) -> Renewals:
    """The person can resume them in Telegram, which reports it then."""
    return tuple(replace(each, by_bot=False) if each.order_id in order_ids else each for each in renewals)


def state_of(renewals: Renewals, order_id: str) -> RenewalState | None:
    """None of one that nothing was heard of."""
    return next((each.state for each in renewals if each.order_id == order_id), None)


def shown(renewals: Renewals) -> RenewalState | None:
    """What matters to the person: that one is renewed, or else what happened last."""
    if any(each.state is RenewalState.ACTIVE for each in renewals):
        return RenewalState.ACTIVE
    return renewals[-1].state if renewals else None
