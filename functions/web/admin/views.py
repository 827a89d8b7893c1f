"""Saved views: any list's present address under a name. A list shows its own with

saved=views.shown(request, operator)            # among the values of its page
{% include "admin/saved_views.html" %}          # above its table
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starbid.domain.audit_trail import Operator
from starbid.domain.errors import Conflict, Invalid
from starbid.domain.roles import Right
from starbid.field_words import field_fault
from starbid.services.desk.saved_views import SavedView
from web.admin.desk import Desk
from web.admin.shell import panel
from web.kernel.http import Request, Response, path_with, redirect
from web.shared.context import page_words, with_note
from web.shared.refusals import message_of, status_of

desk = Desk()
HOME = "/admin"


@dataclass(frozen=True)
class ShownViews:
    """Those of a list; `here` is its present address without the place in it, `is_saved` whether it is one of them."""

    views: tuple[SavedView, ...]
    here: str

    @property
    def is_saved(self) -> bool:
        return any(view.address == self.here for view in self.views)


def shown(request: Request, operator: Operator) -> ShownViews:
    """For a page that is a list."""
    views = request.app.saved_views.of(operator.id, request.path, request.now)
    fields = {name: value for name, value in request.query.items() if value and name != "cursor"}
    return ShownViews(views, f"{request.path}?{urlencode(fields)}" if fields else request.path)


@desk.post("/admin/views", Right.SEE, page=HOME)
def save(request: Request, operator: Operator) -> Response:
    """`name` and `address`, a path of the panel with its query: back to it."""
    words = page_words(request)
    name, address = request.form.get("name", ""), request.form.get("address", "")
    try:
        view = request.app.saved_views.save(operator.id, name, address, request.now)
    except (Invalid, Conflict) as error:
        if request.wants_json:
            raise
        fault = field_fault(error, words) if isinstance(error, Invalid) else message_of(error, words)
        values = {"name": name[:100], "address": address[:1000], "fault": fault}
        return panel(request, operator, "admin/view_again.html", status_of(error), **values)
    return with_note(redirect(_back(request, view.address)), "view-saved")


@desk.post("/admin/views/<view_id>/drop", Right.SEE, page=HOME)
def drop(request: Request, operator: Operator, view_id: str) -> Response:
    """`address` is where to go on."""
    request.app.saved_views.drop(operator.id, view_id)
    return with_note(redirect(_back(request, request.form.get("address", ""))), "view-dropped")


def _back(request: Request, address: str) -> str:
    page = request.page(address, HOME)
    return page if page.startswith(HOME) else path_with(HOME)
