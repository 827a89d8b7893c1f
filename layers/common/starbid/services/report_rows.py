"""Reports of lots as rows of the desk.

`reports` / `<lot>` is the lot with its present round; while that waits, it stands in the list `reports`, by when it
began. `report#<lot>` / `<person>` is what one person said. Texts go with their rows after KEPT.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from starbid.domain.reports import Outcome, Report, ReportedLot, ReportReason, Settled
from starbid.services.ports import DeskRow
from starbid.services.stamping import moment, stamp

LOTS = "reports"
KEPT = timedelta(days=400)


def group_of(auction_id: str) -> str:
    return f"report#{auction_id}"


def lot_row(lot: ReportedLot) -> DeskRow:
    facts = {
        "since": stamp(lot.since) if lot.since else None,
        "counts": {reason.value: count for reason, count in lot.counts.items()},
        "round": lot.round,
        "last": _settled_facts(lot.last) if lot.last else None,
    }
    listed = (LOTS, lot.since) if lot.since else None
    return DeskRow(LOTS, lot.auction_id, facts, lot.version, listed)


def lot_from(row: DeskRow) -> ReportedLot:
    facts = row.facts
    return ReportedLot(
        auction_id=row.member,
        since=moment(facts["since"]) if facts.get("since") is not None else None,
        counts={ReportReason(reason): int(count) for reason, count in facts["counts"].items()},
        round=int(facts["round"]),
        last=_settled_from(facts["last"]) if facts.get("last") else None,
        version=row.version,
    )


def report_row(report: Report) -> DeskRow:
    facts = {"reason": report.reason.value, "text": report.text, "at": stamp(report.at), "round": report.round}
    return DeskRow(group_of(report.auction_id), str(report.reporter_id), facts, expires_at=report.at + KEPT)


def report_from(row: DeskRow) -> Report:
    facts = row.facts
    return Report(
        auction_id=row.group.partition("#")[2],
        reporter_id=int(row.member),
        reason=ReportReason(facts["reason"]),
        text=str(facts["text"]),
        at=moment(facts["at"]),
        round=int(facts["round"]),
    )


def _settled_facts(settled: Settled) -> dict[str, object]:
    return {"outcome": settled.outcome.value, "by": settled.by, "at": stamp(settled.at), "key": settled.key}


def _settled_from(facts: dict[str, object]) -> Settled:
    at: datetime = moment(facts["at"])
    return Settled(Outcome(str(facts["outcome"])), int(str(facts["by"])), at, str(facts["key"]))
