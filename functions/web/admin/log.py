"""The event log: what happened, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from starbid.domain.audit_trail import Operator
from starbid.domain.between import read_period
from starbid.domain.errors import Invalid
from starbid.domain.event_log import LogEntry, LogKind
from starbid.domain.roles import Right
from starbid.i18n import Language
from starbid.services.ports import Page
from web.admin.desk import Desk
from web.admin.log_words import facts_of, kind_words, kinds, name_words, people_of
from web.admin.shell import panel
from web.admin.subjects import Subject, subject_of
from web.kernel.http import Request, Response
from web.shared.context import page_words
from web.shared.refusals import message_of

PATH = "/admin/log"
ROWS = 50
FILTERS = ("from", "to", "kind", "user_id")
_MOST_DIGITS = 16

desk = Desk()


@dataclass(frozen=True)
class Line:
    """A row of the page. `clock` is in the operator's zone."""

    at: datetime
    day: str
    clock: str
    kind: LogKind
    kind_words: str
    name: str
    user_id: int | None
    subject: Subject
    people: tuple[tuple[str, int], ...]
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    since: datetime | None
    until: datetime | None
    kind: LogKind | None
    user_id: int | None
    cursor: str | None


@desk.get(PATH, Right.SEE)
def log(request: Request, operator: Operator) -> Response:
    """Filters by day (`from`, `to`, both within), `kind` and `user_id`; a filter that cannot be read is a 422."""
    words = page_words(request)
    typed = {name: request.query.get(name, "").strip() for name in FILTERS}
    fault, status = "", 200
    page: Page[LogEntry] = Page(())
    try:
        page = _page(request, _asked(request, words))
    except Invalid as error:
        fault, status = message_of(error, words), 422
    lines = [line_of(entry, words) for entry in page.items]
    return panel(
        request,
        operator,
        "admin/log.html",
        status,
        typed=typed,
        kinds=kinds(words),
        lines=lines,
        next_url=_next(typed, page.cursor),
        fault=fault,
        zone=(words.zone_name or "UTC").rpartition("/")[2].replace("_", " "),
    )


def _asked(request: Request, words: Language) -> Asked:
    """Raises Invalid."""
    query = request.query
    kind, who = query.get("kind", "").strip(), query.get("user_id", "").strip()
    if kind and kind not in list(LogKind):
        raise Invalid("kind", "choice")
    if who and not (who.isascii() and who.isdigit() and len(who) <= _MOST_DIGITS):
        raise Invalid("user_id", "choice")
    since, until = read_period(query, words.zone)
    return Asked(
        since=since,
        until=until,
        kind=LogKind(kind) if kind else None,
        user_id=int(who) if who else None,
        cursor=query.get("cursor") or None,
    )


def _page(request: Request, asked: Asked) -> Page[LogEntry]:
    return request.app.event_log.page(
        request.now,
        kind=asked.kind,
        user_id=asked.user_id,
        since=asked.since,
        until=asked.until,
        limit=ROWS,
        cursor=asked.cursor,
    )


def _next(typed: dict[str, str], cursor: str | None) -> str:
    if not cursor:
        return ""
    return f"{PATH}?" + urlencode({name: value for name, value in typed.items() if value} | {"cursor": cursor})


def line_of(entry: LogEntry, words: Language) -> Line:
    local = entry.at.astimezone(words.zone)
    return Line(
        at=entry.at,
        day=f"{local.day} {words.months[local.month - 1]} {local.year}",
        clock=f"{local:%H:%M:%S}",
        kind=entry.kind,
        kind_words=kind_words(entry.kind, words),
        name=name_words(entry.kind, entry.name, words),
        user_id=entry.user_id,
        subject=subject_of(entry.subject),
        people=people_of(entry, words),
        facts=facts_of(entry, words),
    )
