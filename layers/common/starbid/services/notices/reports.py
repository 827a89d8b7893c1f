"""Notices about reports of lots, and of what operators did with a lot."""

from __future__ import annotations

from starbid.domain.events import LotHidden, LotMoved, LotReported, LotReportsSettled, LotShown
from starbid.services.notices.registry import Crowd, News, kind, tells, to_one

REPORTED = kind("lot_reported")
"""To the admins: of the first report that waits. Those that follow stand in the same line of their queue."""
REPORTS_SETTLED = kind("reports_settled")
HIDDEN = to_one(LotHidden, "lot_hidden", "seller_id", "reason")
SHOWN = to_one(LotShown, "lot_shown", "seller_id", "reason")
MOVED = to_one(LotMoved, "lot_moved", "seller_id", "reason")


@tells(LotReported)
def lot_reported(event: LotReported) -> News:
    if event.count > 1:
        return News()
    return News((), (Crowd.ADMINS,), lambda admin: REPORTED.of(event, admin, why=event.why))


@tells(LotReportsSettled)
def lot_reports_settled(event: LotReportsSettled) -> News:
    return News(tuple(REPORTS_SETTLED.of(event, who, outcome=event.outcome) for who in event.reporters))
