"""What can wait while a person has quiet hours, and what is told all the same."""

from __future__ import annotations

from datetime import datetime, timedelta

from starbid.domain.lots import Lot
from starbid.services.notices import assistant, bids, money, top_ups, watching
from starbid.services.notices.switches import is_urgent
from starbid.services.ports import Notice

_AWAITED = frozenset(
    each.name for each in (money.CREDITED, money.REFUNDED, money.SUBSCRIBED, top_ups.BILL_ENDED, assistant.BOUGHT)
)
"""What came of something that the person has just done: they are awake."""
_WHILE_IT_RUNS = frozenset(each.name for each in (bids.OUTBID, bids.EXTENDED, watching.BEGAN, watching.ENDING_SOON))
"""What is of no use once the lot has ended."""


TIME_TO_ACT = timedelta(minutes=15)
"""Somebody who wakes up needs it."""


def is_about_a_race(notice: Notice) -> bool:
    """Whether it depends on the end of its lot."""
    return notice.kind in _WHILE_IT_RUNS


def may_wait(notice: Notice, until: datetime, lot: Lot | None) -> bool:
    """Whether the person can hear it at `until` as well. `lot`: of what is about a race."""
    if is_urgent(notice) or notice.kind in _AWAITED:
        return False
    return lot is None or lot.auction.ends_at > until + TIME_TO_ACT
