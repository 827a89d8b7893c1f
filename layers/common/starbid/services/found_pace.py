"""How much of the notice queue new lots may take: what concerns money goes the same way, and must overtake them."""

from __future__ import annotations

from datetime import datetime

from starbid.domain.limits import HOUR
from starbid.domain.lots import Lot
from starbid.domain.windows import Window
from starbid.services.ports import Counters, Crowded

NOTICES = Window(100, 10)
"""Of all lots together: a third of what Telegram takes in that time."""
OF_A_SELLER = Window(20, HOUR)
"""New lots that are told to anybody; the lists have the others."""


class FoundPace:
    """Counts what is told of new lots."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters

    def admits(self, lot: Lot, now: datetime) -> bool:
        """Whether a new lot is one of its seller's that are told. Said again of the same lot it counts nothing."""
        told = f"announced#{lot.auction.id}"
        if not self._counters.count(told, 1, 1, HOUR, now):
            return True
        window, left = OF_A_SELLER.at(now)
        seller = f"announced-of#{lot.auction.seller_id}#{window}"
        if self._counters.count(seller, 1, OF_A_SELLER.most, left, now):
            return True
        self._counters.count(told, -1, 1, HOUR, now)
        return False

    def require(self, notices: int, now: datetime) -> None:
        """Count so many. Raises Crowded, and counts nothing, where this moment has no room for them."""
        window, left = NOTICES.at(now)
        if notices and not self._counters.count(f"found#{window}", notices, NOTICES.most, left, now):
            raise Crowded(left)
