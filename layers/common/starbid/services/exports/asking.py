"""What operators do about exports: ask for one, look how far it is, fetch it, cancel it, have it tried again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from starbid.domain.audit_trail import Decision, Operator
from starbid.domain.cells import moment
from starbid.domain.errors import Conflict, Invalid
from starbid.domain.exports import (
    MOST_SHEET_ROWS,
    Export,
    ExportGone,
    ExportNotReady,
    ExportOver,
    FileFormat,
    NoSuchExport,
    State,
    What,
    Wish,
    read_wish,
)
from starbid.domain.roles import Role, require_right
from starbid.services.exports.names import file_of, saved_as
from starbid.services.exports.records import GROUP, LIST, export_of, row_of
from starbid.services.ports import (
    AuditTrail,
    Chronicle,
    ConditionFailed,
    Desk,
    DeskWork,
    EventLog,
    ExportFiles,
    Page,
    Store,
)

ATTEMPTS = 5
"""Of a change that meets the worker's own."""
LAST_MOMENT = timedelta(milliseconds=1)


class Exports:
    """Each act takes the right that the export's contents take, and stands in the audit log."""

    def __init__(
        self, store: Store, desk: Desk, trail: AuditTrail, log: EventLog, work: DeskWork, files: ExportFiles
    ) -> None:
        self._store, self._desk, self._work, self._files = store, desk, work, files
        self._trail, self._log = trail, log

    def ask(self, decision: Decision, fields: Mapping[str, str], zone: tzinfo) -> str:
        """The id of the export that is made of what the form says, once for each decision.

        Raises Invalid, also for a workbook of more rows than one takes; NotAllowed.
        """
        wish = read_wish(fields, zone, decision.at)
        decision.require(wish.what.right)
        export_id = _id_of(decision)
        total = self._count(wish, MOST_SHEET_ROWS)
        if wish.file_format is FileFormat.XLSX and total * wish.what.lines > MOST_SHEET_ROWS:
            raise Invalid("format", "too_long_for_sheet", most=MOST_SHEET_ROWS)
        counted = total if total <= MOST_SHEET_ROWS else None
        export = Export(export_id, decision.by.id, wish, decision.at, total=counted)
        unit = self._store.unit()
        unit.save_row(row_of(export))
        unit.audit(decision.entry("export", subject=_subject(export_id), after=_in_short(wish)))
        with suppress(ConditionFailed):  # asked for by the same form before; its message may not have gone out
            unit.commit()
        self._work.ask("export", {"id": export_id})
        return export_id

    def find(self, operator: Operator, export_id: str, now: datetime) -> Export:
        """One's own; an owner finds all but what people asked for of themselves. Raises NoSuchExport, NotAllowed."""
        row = self._desk.row(GROUP, export_id, now)
        if row is None:
            raise NoSuchExport
        export = export_of(row)
        if not _is_for(operator, export):
            raise NoSuchExport
        require_right(operator.role, export.wish.what.right)
        return export

    def page(self, operator: Operator, now: datetime, cursor: str | None = None) -> Page[Export]:
        """One's own, of an owner all, newest first. A short page may have a cursor. Raises Invalid."""
        rows = self._desk.listed(LIST, now, cursor=cursor)
        exports = (export_of(row) for row in rows.items)
        return Page(tuple(export for export in exports if _is_for(operator, export)), rows.cursor)

    def link(self, operator: Operator, export_id: str, now: datetime) -> str:
        """To the file, for fifteen minutes. Raises NoSuchExport, NotAllowed, ExportNotReady, ExportGone."""
        export = self.find(operator, export_id, now)
        if export.state is State.CANCELLED or export.is_deleted(now):
            raise ExportGone
        if export.state is not State.DONE:
            raise ExportNotReady
        return self._files.link(file_of(export), saved_as(export))

    def cancel(self, decision: Decision, export_id: str) -> None:
        """Who works at it stops. Raises NoSuchExport, NotAllowed, ExportOver, Conflict."""

        def cancelled(export: Export) -> Export:
            return replace(export, state=State.CANCELLED, ended_at=decision.at, held_until=None)

        self._change(decision, "cancel-export", export_id, cancelled)

    def try_again(self, decision: Decision, export_id: str) -> None:
        """Have it go on from where it came to. Raises NoSuchExport, NotAllowed, ExportOver, Conflict."""
        self._change(decision, "retry-export", export_id, lambda export: export)
        self._work.ask("export", {"id": export_id})

    def _change(self, decision: Decision, action: str, export_id: str, changed: Callable[[Export], Export]) -> None:
        for _ in range(ATTEMPTS):
            export = self.find(decision.by, export_id, decision.at)
            if export.is_over:
                raise ExportOver
            after = replace(changed(export), version=export.version + 1)
            unit = self._store.unit()
            unit.save_row(row_of(after))
            unit.audit(decision.entry(action, subject=_subject(export_id)))
            try:
                unit.commit()
            except ConditionFailed as failed:
                if failed.blames("audit"):
                    return
                continue
            return
        raise Conflict

    def _count(self, wish: Wish, most: int) -> int:
        """At most `most` and one more."""
        match wish.what:
            case What.LOG:
                return self._log.count(wish.since, wish.until, most)
            case What.AUDIT:
                return self._trail.count(wish.since, wish.until, most)
            case _:
                return self._store.count_by_time(CHRONICLES[wish.what], wish.since, wish.until, most)


CHRONICLES = {
    What.USERS: Chronicle.PEOPLE,
    What.LEDGER: Chronicle.TRANSFERS,
    What.PAYMENTS: Chronicle.PAYMENTS,
    What.LOTS: Chronicle.LOTS,
}


def _is_for(operator: Operator, export: Export) -> bool:
    if export.wish.what is What.OWN_DATA:
        return False
    return operator.role is Role.OWNER or export.by == operator.id


def _id_of(decision: Decision) -> str:
    return hashlib.sha256(f"export:{decision.by.id}:{decision.key}".encode()).hexdigest()[:20]


def _subject(export_id: str) -> str:
    return f"export/{export_id}"


def _in_short(wish: Wish) -> str:
    """`ledger csv from 2026-05-01T00:00:00.000Z until …`."""
    since = f"from {moment(wish.since)} " if wish.since else ""
    return f"{wish.what} {wish.file_format} {since}until {moment(wish.until)}"
