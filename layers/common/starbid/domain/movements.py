"""Movements of a wallet as a person thinks of them: what sort each is, and what was there at the end of each day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import Final

from starbid.domain.ledger import Transfer, TransferKind


class Sort(StrEnum):
    """What a person looks for among the movements. Names stand in addresses."""

    TOP_UPS = "topups"
    PURCHASES = "purchases"
    SALES = "sales"
    PAYOUTS = "payouts"
    OTHER = "other"


KINDS: Final[dict[Sort, frozenset[TransferKind]]] = {
    Sort.TOP_UPS: frozenset({TransferKind.STARS, TransferKind.TOP_UP, TransferKind.REFUND, TransferKind.REFUND_UNDONE}),
    Sort.PURCHASES: frozenset({TransferKind.SALE, TransferKind.RETURN}),
    Sort.SALES: frozenset({TransferKind.RELEASE}),
    Sort.PAYOUTS: frozenset({TransferKind.PAYOUT, TransferKind.PAYOUT_RETURNED, TransferKind.PAYOUT_SENT}),
    Sort.OTHER: frozenset(
        {
            TransferKind.SUBSCRIPTION,
            TransferKind.NATIVE_SUBSCRIPTION,
            TransferKind.PACK,
            TransferKind.NATIVE_PACK,
            TransferKind.ADJUSTMENT,
            TransferKind.OFFSET_DEBT,
            TransferKind.GIVEN_UP,
        }
    ),
}
"""Each kind is of one sort."""


def balances(now: int, moved: Iterable[Transfer], days: Sequence[date], zone: tzinfo) -> list[int]:
    """What was there at the end of each of `days`, the last of which is today: what is there `now` less what came
    since, in minor units.

    `moved` are all transfers from the first day on, in any order.
    """
    changes = dict.fromkeys(days, 0)
    for transfer in moved:
        day = transfer.at.astimezone(zone).date()
        if day in changes:
            changes[day] += transfer.change.amount
    found, after = list[int](), now
    for day in reversed(days):
        found.append(after)
        after -= changes[day]
    return found[::-1]


def begins(day: date, zone: tzinfo) -> datetime:
    """The first moment of a day in a zone."""
    return datetime(day.year, day.month, day.day, tzinfo=zone)
