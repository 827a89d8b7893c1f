"""Exports: what of the business goes into a file, who may have it, how far its making has come (spec, section 9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import TypeVar

from starbid.domain.between import read_period
from starbid.domain.errors import Invalid, StarbidError
from starbid.domain.roles import Right

MOST_SHEET_ROWS = 100_000
"""Of a workbook; more than that goes into CSV."""
KEPT_FOR = timedelta(days=1)
"""A finished file."""
LISTED_FOR = timedelta(days=30)
"""That it was made."""
LEASE = timedelta(seconds=150)
"""How long one who works at it has it alone: longer than a step of the clerk can take."""

E = TypeVar("E", bound=StrEnum)


class What(StrEnum):
    """What goes into it."""

    USERS = "users"
    LEDGER = "ledger"
    PAYMENTS = "payments"
    LOTS = "lots"
    LOG = "log"
    AUDIT = "audit"
    OWN_DATA = "own-data"
    """All about one person, asked for by themselves: no operator can ask for it, or fetch it."""

    @property
    def right(self) -> Right:
        """Money is finance's; the audit log holds the addresses of operators, so it leaves the house by an owner."""
        return _RIGHTS[self]

    @property
    def lines(self) -> int:
        """The least number of lines that one thing of it takes: a transfer has two sides."""
        return 2 if self is What.LEDGER else 1


_RIGHTS = {
    What.USERS: Right.FINANCE,
    What.LEDGER: Right.FINANCE,
    What.PAYMENTS: Right.FINANCE,
    What.LOTS: Right.SUPPORT,
    What.LOG: Right.SUPPORT,
    What.AUDIT: Right.OWN,
}


class FileFormat(StrEnum):
    """How it is written."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    """Of a person's own data."""


OFFERED = tuple(what for what in What if what in _RIGHTS)
"""What operators may ask for, in these FORMATS."""
FORMATS = (FileFormat.CSV, FileFormat.XLSX)


class State(StrEnum):
    """FAILED: the last try did, and the next one goes on from where it came to. DONE and CANCELLED are for good."""

    WAITING = "waiting"
    RUNNING = "running"
    FAILED = "failed"
    DONE = "done"
    CANCELLED = "cancelled"


class NoSuchExport(StarbidError, code="not_found"):
    """There is none of this id, or it is another operator's."""


class ExportGone(StarbidError, code="export_gone"):
    """Its file was deleted, or is never made: ask for another."""


class ExportNotReady(StarbidError, code="export_not_ready"):
    """Its file is being made."""


class ExportOver(StarbidError, code="export_over"):
    """It is done, or cancelled: there is nothing to cancel, or to try again."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What an operator asks for: things from `since` on and before `until`. `bom`: a mark that spreadsheet programs
    know UTF-8 by, in CSV.
    """

    what: What
    file_format: FileFormat
    since: datetime | None
    until: datetime
    bom: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """How far the file has been written: what a worker goes on from.

    `parts` of `upload` have been handed in, with so many `lines` and `things` in them; `cursor` is that of the next
    page, and `is_whole` says that there is none. `parts` are what the store of files says of them.
    """

    cursor: str = ""
    upload: str = ""
    parts: tuple[Mapping[str, str | int], ...] = ()
    lines: int = 0
    things: int = 0
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Export:
    """One file, asked for `by` an operator, or by whose own data it is. `total` is the number of its things when it was
    asked for, None where that is more than was counted, or nobody counted.

    `lines` and `things` are what has been read so far, of which `written` is safe. While `held_until` has not come,
    `holder` works at it. `ended_at`: when it was done, or cancelled.
    """

    id: str
    by: int
    wish: Wish
    asked_at: datetime
    state: State = State.WAITING
    total: int | None = None
    lines: int = 0
    things: int = 0
    size: int = 0
    written: Written = Written()
    held_until: datetime | None = None
    holder: str = ""
    ended_at: datetime | None = None
    version: int = 1

    @property
    def is_over(self) -> bool:
        return self.state in (State.DONE, State.CANCELLED)

    def is_held(self, now: datetime) -> bool:
        return self.held_until is not None and now < self.held_until

    def is_stuck(self, now: datetime) -> bool:
        """Nobody works at it, though it was begun, or it has waited for long: somebody may try again."""
        if self.state is State.WAITING:
            return now >= self.asked_at + LEASE
        return self.state is State.FAILED or (self.state is State.RUNNING and not self.is_held(now))

    def is_deleted(self, now: datetime) -> bool:
        return self.state is State.DONE and self.ended_at is not None and now >= self.ended_at + KEPT_FOR

    @property
    def share(self) -> float | None:
        """How much of it is done, from 0 to 1; None where nobody knows."""
        if self.state is State.DONE:
            return 1.0
        return min(self.things / self.total, 1.0) if self.total else None


def read_wish(fields: Mapping[str, str], zone: tzinfo, now: datetime) -> Wish:
    """What the form says: `what`, `format`, and the period, as `read_period` reads it.

    What is yet to happen is never in it. Raises Invalid.
    """
    what, file_format = _choice(fields, "what", OFFERED), _choice(fields, "format", FORMATS)
    since, until = read_period(fields, zone)
    return Wish(what, file_format, since, min(until or now, now), bom=bool(fields.get("bom")))


def _choice(fields: Mapping[str, str], name: str, offered: Iterable[E]) -> E:
    for each in offered:
        if each == fields.get(name, ""):
            return each
    raise Invalid(name, "choice")
