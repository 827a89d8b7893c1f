"""Which notices are no news any more when they come very late, after an outage of Telegram or on a very long queue."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from starbid.services.notices import bids, found, watching
from starbid.services.ports import Notice

LATE: Final = timedelta(hours=12)
FLEETING: Final = frozenset(
    kind.name for kind in (bids.NEW_BID, bids.EXTENDED, watching.BEGAN, watching.ENDING_SOON, found.FOUND)
)
"""What the lot and the lists tell by themselves. All else is about money, deals and disputes, or needs somebody to act:
it is told however late it is.
"""


def is_given_up(notice: Notice, age: timedelta) -> bool:
    """Whether it is not told any more, so long after it was queued."""
    return notice.kind in FLEETING and age > LATE
