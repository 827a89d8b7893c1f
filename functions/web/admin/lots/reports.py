"""Lots that people reported, the oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starbid.domain.audit_trail import Operator
from starbid.domain.roles import Right
from starbid.i18n import Language
from starbid.services.desk.attention import TO_READ, waiting
from web.admin import attention
from web.admin.attention import Need
from web.admin.desk import Desk
from web.admin.lots import lot_view as view
from web.admin.lots.lot_view import LotRow
from web.admin.shell import panel
from web.kernel.http import Request, Response, path_with
from web.shared.context import page_words

desk = Desk()
SHOWN = 50


@dataclass(frozen=True)
class ReportedRow:
    """A lot with its reports that wait. `before`: what was decided about earlier ones."""

    lot: LotRow
    count: int
    reasons: str
    since: datetime
    before: str


@attention.source("reports", Right.SEE)
def waiting_reports(request: Request, words: Language) -> Need:
    found = request.app.reports.queue(request.now, TO_READ).items
    since = waiting(lot.since for lot in found if lot.since)
    return Need(words._("Reported lots"), "/admin/reports", since)


@desk.get("/admin/reports", Right.SEE)
def reports(request: Request, operator: Operator) -> Response:
    words, app = page_words(request), request.app
    page = app.reports.queue(request.now, SHOWN, request.query.get("cursor") or None)
    lots = app.store.lots([each.auction_id for each in page.items]) if page.items else {}
    people = app.store.people({lot.card.seller_id for lot in lots.values()}) if lots else {}
    rows = [
        ReportedRow(
            view.lot_row(lots[each.auction_id], people, words, request.now),
            each.count,
            view.reasons_line(each, words),
            each.since,
            view.last_outcome(each, words),
        )
        for each in page.items
        if each.auction_id in lots and each.since
    ]
    next_url = path_with("/admin/reports", cursor=page.cursor) if page.cursor else ""
    return panel(request, operator, "admin/lots/reports.html", rows=rows, next_url=next_url)
