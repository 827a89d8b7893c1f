"""Pausing all lots, and letting them go on (spec, section 9, "Pause")."""

from __future__ import annotations

from collections.abc import Callable

from starbid.domain.audit_trail import Decision, Operator
from starbid.domain.errors import Invalid, StarbidError
from starbid.domain.pause import Pauses
from starbid.domain.roles import NotAllowed, Right
from web.admin.desk import Desk, decision
from web.admin.pause_view import pause_box
from web.admin.shell import panel
from web.kernel.http import Request, Response, redirect
from web.shared.context import page_words, with_note
from web.shared.refusals import message_of, status_of

desk = Desk()
PAGE = "/admin/pause"


@desk.get(PAGE, Right.SEE)
def show(request: Request, operator: Operator) -> Response:
    return panel(request, operator, "admin/pause_page.html", pause=pause_box(request, page_words(request)))


@desk.post(PAGE, Right.OWN)
def pause(request: Request, operator: Operator) -> Response:
    return _answer(request, operator, lambda: decision(request, operator), request.app.pausing.pause, "paused")


@desk.post("/admin/resume", Right.OWN, page=PAGE)
def resume(request: Request, operator: Operator) -> Response:
    def decided() -> Decision:
        return decision(request, operator, needs_reason=False)

    return _answer(request, operator, decided, request.app.pausing.resume, "resumed")


def _answer(
    request: Request,
    operator: Operator,
    decide: Callable[[], Decision],
    act: Callable[[Decision], Pauses],
    note: str,
) -> Response:
    """What was refused is told on the page that says how it stands, with the reason that was typed."""
    try:
        act(decide())
    except NotAllowed:
        raise
    except StarbidError as refused:
        if request.wants_json:
            raise
        words = page_words(request)
        reason = request.form.get("reason", "") if isinstance(refused, Invalid) else ""
        box = pause_box(request, words, reason, message_of(refused, words))
        return panel(request, operator, "admin/pause_page.html", status_of(refused), pause=box)
    return with_note(redirect("/admin"), note)
