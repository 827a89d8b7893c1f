"""People report a lot, operators decide about all its reports at once (spec, sections 5 and 9).

A lot gathers reports in rounds: the first report opens one, an operator's decision ends it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from starbid.domain.audit_trail import Decision
from starbid.domain.errors import Invalid, StarbidError
from starbid.domain.texts import read_text

TEXT_LENGTH = 500
MOST_OPEN = 500
"""Reports of a round that are kept: more would tell an operator nothing new, and every reporter is told the outcome."""


class ReportReason(StrEnum):
    """What a report says is wrong."""

    FRAUD = "fraud"
    FORBIDDEN = "forbidden"
    CATEGORY = "category"
    OFFENSIVE = "offensive"
    OTHER = "other"


class Outcome(StrEnum):
    """What an operator decided about the reports of a lot."""

    DISMISSED = "dismissed"
    MOVED = "moved"
    HIDDEN = "hidden"
    CANCELLED = "cancelled"


class AlreadyReported(StarbidError, code="already_reported"):
    """A person reports a lot once."""


class OwnReport(StarbidError, code="own_lot"):
    """Nobody reports their own lot."""


class ReportsSettled(StarbidError, code="reports_settled"):
    """Another operator has decided about the reports of a lot; `outcome` is what."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(f"the reports are settled: {outcome}", outcome=outcome.value)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Report:
    """What one person says. `text` is private: operators read it, nobody else. `round` is the lot's at that time."""

    auction_id: str
    reporter_id: int
    reason: ReportReason
    text: str
    at: datetime
    round: int


@dataclass(frozen=True, slots=True)
class Settled:
    """The end of a round: which operator decided what. `key` is the decision's."""

    outcome: Outcome
    by: int
    at: datetime
    key: str


@dataclass(frozen=True, slots=True)
class ReportedLot:
    """The reports of a lot in its present round, or in its last one. `since`: the first one that waits; None where
    nothing does. `counts` are by reason. `last` is the decision before, if there was one.
    """

    auction_id: str
    since: datetime | None = None
    counts: Mapping[ReportReason, int] = field(default_factory=dict)
    round: int = 0
    last: Settled | None = None
    version: int = 0

    @property
    def is_open(self) -> bool:
        return self.since is not None

    @property
    def count(self) -> int:
        return sum(self.counts.values())

    @property
    def is_full(self) -> bool:
        return self.is_open and self.count >= MOST_OPEN


def read_report(reason: str, text: str = "") -> tuple[ReportReason, str]:
    """A reason by its name with a text of 0 to 500 characters; any other reason is itself the text. Raises Invalid."""
    if not reason.strip():
        raise Invalid("reason", "required")
    if reason in tuple(ReportReason):
        return ReportReason(reason), read_text("text", text, 0, TEXT_LENGTH)
    return ReportReason.OTHER, read_text("reason", reason, 1, TEXT_LENGTH)


def reported(known: ReportedLot, reason: ReportReason, now: datetime) -> ReportedLot:
    """The lot with one more report; the first one after a decision opens the next round."""
    if known.is_open:
        counts = {**known.counts, reason: known.counts.get(reason, 0) + 1}
        return replace(known, counts=counts, version=known.version + 1)
    return replace(known, since=now, counts={reason: 1}, round=known.round + 1, version=known.version + 1)


def settled(known: ReportedLot, outcome: Outcome, decision: Decision) -> ReportedLot:
    """All of the round is decided. Raises ReportsSettled where nothing waits any more."""
    if not known.is_open:
        assert known.last is not None
        raise ReportsSettled(known.last.outcome)
    last = Settled(outcome, decision.by.id, decision.at, decision.key)
    return replace(known, since=None, last=last, version=known.version + 1)
