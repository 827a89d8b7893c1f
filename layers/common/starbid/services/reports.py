"""Reports of lots: people make them, once each, and operators decide about all of a lot's at once."""

from __future__ import annotations

from datetime import datetime

from starbid.domain import reports
from starbid.domain.auction import Auction
from starbid.domain.audit_trail import AuditEntry, Decision
from starbid.domain.errors import Blocked, NotFound
from starbid.domain.events import LotReported, LotReportsSettled
from starbid.domain.limits import Deed
from starbid.domain.reports import AlreadyReported, Outcome, OwnReport, Report, ReportedLot, read_report
from starbid.domain.roles import Right
from starbid.services.limits import Limits
from starbid.services.ports import ConditionFailed, Desk, Page, Store, Unit
from starbid.services.report_rows import LOTS, group_of, lot_from, lot_row, report_from, report_row
from starbid.services.retrying import Stale, with_retries

AT_ONCE = 500
PAGES_OF_REPORTERS = 4
"""Read when a round ends. More people than these have reported a lot in many rounds: the rest are not told."""


class Reports:
    """Each step is one transaction, and safe to race with any other."""

    def __init__(self, store: Store, desk: Desk, limits: Limits) -> None:
        self._store, self._desk, self._limits = store, desk, limits

    def report(self, person_id: int, auction_id: str, reason: str, now: datetime, text: str = "") -> None:
        """One person's report of a lot; the very same again is done.

        Raises Invalid, NotFound, Blocked, OwnReport, AlreadyReported, TooOften, Conflict.
        """
        why, said = read_report(reason, text)
        auction = self._store.auction(auction_id, consistent=True)
        person = self._store.person(person_id, consistent=True)
        if person and person.blocked:
            raise Blocked
        if person_id == auction.seller_id:
            raise OwnReport
        self._limits.require(Deed.REPORT, person_id, now)

        def attempt(_: int) -> None:
            if before := self.by(person_id, auction_id, now):
                if (before.reason, before.text) == (why, said):
                    return
                raise AlreadyReported
            known = self.of(auction_id, now)
            if known.is_full:
                return
            lot = reports.reported(known, why, now)
            unit = self._store.unit()
            unit.save_row(report_row(Report(auction_id, person_id, why, said, now, lot.round)))
            unit.save_row(lot_row(lot))
            id_ = f"reported:{auction_id}:{person_id}"
            unit.emit(LotReported(id_, now, auction_id, auction.seller_id, person_id, why.value, lot.count))
            _commit(unit)

        with_retries(attempt)

    def by(self, person_id: int, auction_id: str, now: datetime) -> Report | None:
        """What this person has said of the lot."""
        row = self._desk.row(group_of(auction_id), str(person_id), now)
        return report_from(row) if row else None

    def of(self, auction_id: str, now: datetime) -> ReportedLot:
        """The lot with its reports; without any where nobody has reported it."""
        row = self._desk.row(LOTS, auction_id, now)
        return lot_from(row) if row else ReportedLot(auction_id)

    def said(self, auction_id: str, now: datetime, limit: int = 50, cursor: str | None = None) -> Page[Report]:
        """What people said of the lot, by person: all rounds. For operators."""
        page = self._desk.rows(group_of(auction_id), now, limit=limit, cursor=cursor)
        return Page(tuple(map(report_from, page.items)), page.cursor)

    def queue(self, now: datetime, limit: int = 50, cursor: str | None = None) -> Page[ReportedLot]:
        """Lots whose reports wait, the oldest first; a moment behind. Raises Invalid for a cursor of another list."""
        page = self._desk.listed(LOTS, now, limit=limit, cursor=cursor, backward=False)
        return Page(tuple(map(lot_from, page.items)), page.cursor)

    def dismiss(self, decision: Decision, auction_id: str) -> None:
        """Nothing is wrong with the lot; the reporters are told. The same decision sent again is done.

        Raises NotAllowed, NotFound where nobody has reported it, ReportsSettled for who comes second, Conflict.
        """
        decision.require(Right.SUPPORT)
        auction = self._store.auction(auction_id, consistent=True)

        def attempt(_: int) -> None:
            known = self.of(auction_id, decision.at)
            if known.last and not known.is_open and known.last.key == decision.key:
                return
            if not known.version:
                raise NotFound
            unit = self._store.unit()
            self._settle(unit, auction, known, Outcome.DISMISSED, decision)
            unit.audit(_dismissal(decision, auction, known))
            _commit(unit)

        with_retries(attempt)

    def settle(self, unit: Unit, auction: Auction, outcome: Outcome, decision: Decision) -> bool:
        """What waits about the lot ends with this unit; False, and nothing is added, where nothing does.

        A report that comes in between refuses the unit, blaming `row`: to be tried again.
        """
        known = self.of(auction.id, decision.at)
        if not known.is_open:
            return False
        self._settle(unit, auction, known, outcome, decision)
        return True

    def _settle(self, unit: Unit, auction: Auction, known: ReportedLot, outcome: Outcome, decision: Decision) -> None:
        after = reports.settled(known, outcome, decision)
        unit.save_row(lot_row(after))
        id_ = f"reports-settled:{auction.id}:{known.round}"
        reporters = self._reporters(auction.id, known.round, decision.at)
        unit.emit(LotReportsSettled(id_, decision.at, auction.id, auction.seller_id, outcome.value, reporters))

    def _reporters(self, auction_id: str, number: int, now: datetime) -> tuple[int, ...]:
        found: list[int] = []
        cursor: str | None = None
        for _ in range(PAGES_OF_REPORTERS):
            page = self.said(auction_id, now, AT_ONCE, cursor)
            found += (report.reporter_id for report in page.items if report.round == number)
            cursor = page.cursor
            if cursor is None:
                break
        return tuple(found)


def _dismissal(decision: Decision, auction: Auction, known: ReportedLot) -> AuditEntry:
    subject, before = f"lot/{auction.id}", f"{known.count} reports"
    return decision.entry(
        "dismiss-reports", user_id=auction.seller_id, subject=subject, before=before, after="dismissed"
    )


def _commit(unit: Unit) -> None:
    try:
        unit.commit()
    except ConditionFailed as refused:
        raise Stale from refused
