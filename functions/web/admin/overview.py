"""The first page: who needs something."""

from __future__ import annotations

from starbid.domain.audit_trail import Operator
from starbid.domain.roles import Right
from web.admin.attention import needs
from web.admin.dashboard import board
from web.admin.desk import Desk
from web.admin.pause_view import pause_box
from web.admin.shell import panel
from web.kernel.http import Request, Response
from web.shared.context import page_words

desk = Desk()


@desk.get("/admin", Right.SEE)
def overview(request: Request, operator: Operator) -> Response:
    return first_page(request, operator)


def first_page(request: Request, operator: Operator, status: int = 200, **again: str) -> Response:
    """`again`: what was typed into the form that has figures made again, and what is wrong with it."""
    parts = {**board(request), "board_again": again, "needs": needs(request, operator)}
    parts["pause"] = pause_box(request, page_words(request))
    return panel(request, operator, "admin/overview.html", status, **parts)
