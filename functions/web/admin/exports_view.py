"""How exports are shown: names of what goes into them, how far they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from starbid.domain.audit_trail import Operator
from starbid.domain.exports import KEPT_FOR, OFFERED, Export, State, What
from starbid.i18n import Language

MB = 1024 * 1024


@dataclass(frozen=True)
class ExportView:
    """An export for a page. `tone` is its state's; `percent` is None where nobody knows; `is_open` while it is made."""

    id: str
    by: int
    what: str
    file_format: str
    since: datetime | None
    until: datetime
    asked_at: datetime
    state: str
    tone: str
    percent: int | None
    lines: str
    count: str
    size: str
    is_open: bool
    is_stuck: bool
    has_failed: bool
    has_file: bool
    kept_until: datetime | None


def view_export(export: Export, words: Language, now: datetime) -> ExportView:
    state, tone = _state(export, words, now)
    is_deleted = export.is_deleted(now)
    share = export.share
    return ExportView(
        id=export.id,
        by=export.by,
        what=names_of_contents(words)[export.wish.what],
        file_format=export.wish.file_format.upper(),
        since=export.wish.since,
        until=export.wish.until - timedelta(milliseconds=1),
        asked_at=export.asked_at,
        state=state,
        tone=tone,
        percent=None if share is None else int(100 * share),
        lines=words.ngettext("{rows} row", "{rows} rows", export.lines, rows=words.number(export.lines)),
        count=words.number(export.lines),
        size=_size(export.size, words),
        is_open=not export.is_over,
        is_stuck=export.is_stuck(now),
        has_failed=export.state is State.FAILED,
        has_file=export.state is State.DONE and not is_deleted,
        kept_until=export.ended_at + KEPT_FOR if export.state is State.DONE and export.ended_at else None,
    )


def names_of_contents(words: Language) -> Mapping[What, str]:
    _ = words._
    return {
        What.USERS: _("People and balances"),
        What.LEDGER: _("Ledger"),
        What.PAYMENTS: _("Payments and payouts"),
        What.LOTS: _("Lots"),
        What.LOG: _("Log"),
        What.AUDIT: _("Audit log"),
    }


def offered(operator: Operator, words: Language) -> tuple[tuple[str, str], ...]:
    """What this operator may export, with its name."""
    names = names_of_contents(words)
    return tuple((what.value, names[what]) for what in OFFERED if operator.role.has(what.right))


def _state(export: Export, words: Language, now: datetime) -> tuple[str, str]:
    _ = words._
    if export.is_deleted(now):
        return _("File deleted"), "quiet"
    told = {
        State.WAITING: (_("Waiting"), ""),
        State.RUNNING: (_("In progress"), ""),
        State.FAILED: (_("Failed"), "bad"),
        State.DONE: (_("Done"), "good"),
        State.CANCELLED: (_("Cancelled"), "quiet"),
    }
    return told[export.state]


def _size(size: int, words: Language) -> str:
    if size >= MB:
        return words._("{n} MB", n=words.number(-(-size // MB)))
    return words._("{n} KB", n=words.number(-(-size // 1024)))
