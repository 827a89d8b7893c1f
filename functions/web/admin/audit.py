"""What operators did: nobody changes it, everybody with a role sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from starbid.domain.audit_trail import AuditEntry, Operator
from starbid.domain.between import read_period
from starbid.domain.errors import Invalid
from starbid.domain.roles import Right
from starbid.field_words import field_fault
from web.admin.actions import names_of_actions
from web.admin.desk import Desk
from web.admin.shell import panel
from web.kernel.http import Request, Response
from web.shared.context import page_words

desk = Desk()
FILTERS = ("from", "to", "admin_id", "user_id", "action")
MOST_DIGITS = 16
PLACES = {
    "lot": "/admin/lots/",
    "export": "/admin/exports/",
    "charge": "/admin/payments/",
    "bill": "/admin/payments/",
    "payout": "/admin/payouts/",
    "ticket": "/admin/tickets/",
}
"""Where what an entry is about is shown in the panel."""
AHEAD = timedelta(minutes=5)
"""Clocks of functions differ a little."""


@dataclass(frozen=True)
class EntryView:
    """An entry for a page. `subject_url` is empty where there is nothing to see."""

    entry: AuditEntry
    action: str
    subject_url: str


@desk.get("/admin/audit", Right.SEE)
def audit(request: Request, operator: Operator) -> Response:
    """`from`, `to`: days in the operator's zone, or moments; `admin_id`, `user_id`, `action`; `cursor` goes on in the
    list.
    """
    asked = {name: value.strip() for name in FILTERS if (value := request.query.get(name, "")).strip()}
    try:
        return _page(request, operator, asked, _bounds(request, asked), {})
    except Invalid as fault:
        if request.wants_json or fault.field not in FILTERS:
            raise
        faults = {fault.field: field_fault(fault, page_words(request))}
        return _page(request, operator, asked, None, faults)


def _bounds(request: Request, asked: dict[str, str]) -> dict[str, Any]:
    """Raises Invalid."""
    since, until = read_period(asked, page_words(request).zone)
    return {
        "since": since,
        "until": until or request.now + AHEAD,
        "admin_id": _id(asked, "admin_id"),
        "user_id": _id(asked, "user_id"),
        "action": asked.get("action"),
        "cursor": request.query.get("cursor"),
    }


def _id(asked: dict[str, str], name: str) -> int | None:
    text = asked.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise Invalid(name, "whole")
    return int(text)


def _page(
    request: Request, operator: Operator, asked: dict[str, str], bounds: dict[str, Any] | None, faults: dict[str, str]
) -> Response:
    words = page_words(request)
    found = request.app.audit_trail.entries(**bounds) if bounds else None
    names = names_of_actions(words)
    return panel(
        request,
        operator,
        "admin/audit.html",
        422 if faults else 200,
        rows=[_view(entry, names.get(entry.action, entry.action)) for entry in found.items] if found else [],
        next_url=f"/admin/audit?{urlencode(asked | {'cursor': found.cursor})}" if found and found.cursor else "",
        actions=sorted(names.items(), key=lambda named: named[1]),
        asked=dict.fromkeys(FILTERS, "") | asked,
        is_filtered=bool(asked),
        faults=dict.fromkeys(FILTERS, "") | faults,
    )


def _view(entry: AuditEntry, action: str) -> EntryView:
    kind, _, name = entry.subject.partition("/")
    return EntryView(entry, action, PLACES[kind] + name if kind in PLACES and name else "")
