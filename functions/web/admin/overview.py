"""The first page: who needs something."""

from __future__ import annotations

from starbid.domain.audit_trail import Operator
from starbid.domain.roles import Right
from web.admin.desk import Desk
from web.admin.pause_view import pause_box
from web.admin.shell import panel
from web.kernel.http import Request, Response
from web.shared.context import page_words

desk = Desk()


@desk.get("/admin", Right.SEE)
def overview(request: Request, operator: Operator) -> Response:
    return panel(request, operator, "admin/overview.html", pause=pause_box(request, page_words(request)))
