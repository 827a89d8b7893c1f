"""Invariant 13: what a payment bought goes back with it, checked in the ledger and in people's days."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from starbid.domain.ledger import REVENUE, receivable_account, source_account, user_account
from starbid.domain.paid_days import PaidDays
from starbid.domain.payments import Charge, ChargeState, Provider, Purpose
from starbid.domain.people import SUBSCRIPTION

from .books import Books

KINDS = (*Provider, "refund", "refund-undone")


def what_was_bought_goes_with_its_payment(books: Books) -> Iterator[str]:
    """13: nothing is left of a charge that went back: neither in the books (its owner's, their debt, our revenue) nor
    of the days that it paid for. Other charges are booked once, and all their days exist until they are over. Days
    follow one another.
    """
    moved: defaultdict[str, Counter[str]] = defaultdict(Counter)
    gone_at: dict[str, datetime] = {}
    for transfer in books.transfers.values():
        kind, _, rest = transfer.id.partition(":")
        if kind not in KINDS:
            continue
        charge_id = rest if kind in tuple(Provider) else rest.rpartition(":")[0]
        for entry in transfer.entries:
            moved[charge_id][entry.account] += entry.change.amount
        if kind == "refund":
            gone_at[charge_id] = max(transfer.at, gone_at.get(charge_id, transfer.at))
    days = _days(books)
    now = max((transfer.at for transfer in books.transfers.values()), default=None)
    for charge in books.charges:
        yield from _days_lost(charge, days.get(f"stars:{charge.id}", []), now)
        yield from _of_charge(charge, moved[charge.id], days.get(f"stars:{charge.id}", []), gone_at.get(charge.id))
    for person in books.people:
        until = person.subscribed_until
        for one, following in pairwise(person.paid_days):
            if one.ends != following.begins:
                yield f"13: {person.id} has days until {one.ends} and from {following.begins}"
        if person.paid_days and until is not None and person.paid_days[-1].ends != until:
            yield f"13: the days of {person.id} end at {person.paid_days[-1].ends}, their right to sell at {until}"


def _days(books: Books) -> dict[str, list[PaidDays]]:
    days: defaultdict[str, list[PaidDays]] = defaultdict(list)
    for person in books.people:
        for each in person.paid_days:
            days[each.source].append(each)
    return days


def _days_lost(charge: Charge, days: list[PaidDays], now: datetime | None) -> Iterator[str]:
    """Days of a payment that stands; they begin when it came, or later."""
    if charge.purpose is not Purpose.SUBSCRIPTION or charge.state is not ChargeState.CREDITED:
        return
    is_due = now is not None and charge.paid_at + SUBSCRIPTION > now
    if (is_due and not days) or any(each.ends - each.begins != SUBSCRIPTION for each in days):
        yield f"13: {charge.id} was paid at {charge.paid_at}, and has the days {days}"


def _of_charge(charge: Charge, moved: Counter[str], days: list[PaidDays], gone_at: datetime | None) -> Iterator[str]:
    is_here, amount = charge.state is ChargeState.CREDITED, charge.amount.amount
    own = moved[user_account(charge.user_id)] + moved[receivable_account(charge.user_id)]
    where, elsewhere = (moved[REVENUE], own) if charge.purpose.is_direct else (own, moved[REVENUE])
    if charge.purpose is Purpose.PACK and not is_here:  # what was used of it is paid by its owner
        where, elsewhere = (where + own, 0) if 0 <= -own <= amount else (where, own)
    if (-moved[source_account(charge.provider)], where, elsewhere) != (amount * is_here, amount * is_here, 0):
        yield f"13: {charge.id} is {charge.state}, and moved {dict(moved)}"
    if len(days) > (charge.purpose is Purpose.SUBSCRIPTION) or any(
        each.ends - each.begins > SUBSCRIPTION for each in days
    ):
        yield f"13: {charge.id} has {days}"
    if not is_here and (gone_at is None or any(each.ends > gone_at for each in days)):
        yield f"13: {charge.id} went back at {gone_at}, and its days are {days}"
