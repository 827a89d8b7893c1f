"""Broadcasts: written, looked at, sent, stopped. Owners send them, all operators see them."""

from __future__ import annotations

from collections.abc import Mapping

from starbid.domain.audit_trail import Operator
from starbid.domain.broadcasts import TEXT_LENGTH, BroadcastState, Segment, WrongBroadcastState
from starbid.domain.errors import Conflict, Invalid, StarbidError
from starbid.domain.roles import Right
from starbid.field_words import field_fault
from starbid.i18n import LANGUAGE_NAMES, Language
from starbid.services.ports import TryLater, Unreachable
from web.admin.desk import Desk, decision
from web.admin.shell import panel
from web.kernel.http import Request, Response, path_with, redirect
from web.shared.context import page_words, with_note
from web.shared.refusals import message_of, status_of

desk = Desk()
SHOWN = 20
PAGE = "/admin/broadcasts"
_FIELDS = ("text", "segment", "language", "reason")


@desk.get(PAGE, Right.SEE)
def broadcasts(request: Request, operator: Operator) -> Response:
    return _list(request, operator, {})


@desk.post(PAGE, Right.OWN)
def write(request: Request, operator: Operator) -> Response:
    """`text`, `segment`, `language` (empty: all), `reason`. Nothing is sent yet."""
    form = request.form
    text, segment, language = (form.get(name, "") for name in ("text", "segment", "language"))
    try:
        written = request.app.broadcasting.write(decision(request, operator), text, segment, language)
    except Invalid as error:
        if request.wants_json:
            raise
        return _list(request, operator, form, error)
    return redirect(f"{PAGE}/{written.id}")


@desk.get(f"{PAGE}/<broadcast_id>", Right.SEE)
def one(request: Request, operator: Operator, broadcast_id: str) -> Response:
    return _one(request, operator, broadcast_id)


@desk.post(f"{PAGE}/<broadcast_id>/preview", Right.OWN)
def preview(request: Request, operator: Operator, broadcast_id: str) -> Response:
    """To the chat of who asks; `reason`."""
    try:
        request.app.broadcasting.preview(decision(request, operator), broadcast_id)
    except Invalid as error:
        return _refused(request, operator, broadcast_id, error)
    except Unreachable:
        told = page_words(request)._("The bot cannot write to you: open the chat with it and press Start.")
        return _one(request, operator, broadcast_id, 409, told)
    except TryLater:
        told = page_words(request)._("Telegram is busy. Try again in a moment.")
        return _one(request, operator, broadcast_id, 409, told)
    return with_note(redirect(f"{PAGE}/{broadcast_id}"), "previewed")


@desk.post(f"{PAGE}/<broadcast_id>/start", Right.OWN)
def start(request: Request, operator: Operator, broadcast_id: str) -> Response:
    """`reason`."""
    try:
        request.app.broadcasting.start(decision(request, operator), broadcast_id)
    except (Invalid, WrongBroadcastState, Conflict) as error:
        return _refused(request, operator, broadcast_id, error)
    return with_note(redirect(f"{PAGE}/{broadcast_id}"), "broadcast-started")


@desk.post(f"{PAGE}/<broadcast_id>/stop", Right.OWN)
def stop(request: Request, operator: Operator, broadcast_id: str) -> Response:
    """`reason`."""
    try:
        request.app.broadcasting.stop(decision(request, operator), broadcast_id)
    except (Invalid, WrongBroadcastState, Conflict) as error:
        return _refused(request, operator, broadcast_id, error)
    return with_note(redirect(f"{PAGE}/{broadcast_id}"), "broadcast-stopped")


def _refused(request: Request, operator: Operator, broadcast_id: str, error: StarbidError) -> Response:
    if request.wants_json:
        raise error
    words = page_words(request)
    told = field_fault(error, words) if isinstance(error, Invalid) else message_of(error, words)
    return _one(request, operator, broadcast_id, status_of(error), told)


def _list(request: Request, operator: Operator, typed: Mapping[str, str], fault: Invalid | None = None) -> Response:
    words = page_words(request)
    page = request.app.broadcasting.newest(request.now, limit=SHOWN, cursor=request.query.get("cursor") or None)
    return panel(
        request,
        operator,
        "admin/broadcasts.html",
        422 if fault else 200,
        broadcasts=page.items,
        next_url=path_with(PAGE, cursor=page.cursor) if page.cursor else "",
        segments=_segments(words),
        languages={"": words._("All languages"), **LANGUAGE_NAMES},
        states=_states(words),
        most=TEXT_LENGTH,
        typed={name: typed.get(name, "") for name in _FIELDS},
        faults=dict.fromkeys(_FIELDS, "") | ({fault.field: field_fault(fault, words)} if fault else {}),
        is_open=fault is not None,
    )


def _one(request: Request, operator: Operator, broadcast_id: str, status: int = 200, fault: str = "") -> Response:
    words, broadcast = page_words(request), request.app.broadcasting.one(broadcast_id, request.now)
    return panel(
        request,
        operator,
        "admin/broadcast.html",
        status,
        broadcast=broadcast,
        segment=_segments(words)[broadcast.segment],
        language=LANGUAGE_NAMES.get(broadcast.language, words._("All languages")),
        state=_states(words)[broadcast.state],
        reason=request.typed.get("reason", "") if fault else "",
        fault=fault,
    )


def _segments(words: Language) -> dict[str, str]:
    _ = words._
    return {
        Segment.ALL: _("Everybody"),
        Segment.SELLERS: _("Sellers with a subscription"),
        Segment.BIDDERS: _("Everybody who has bid"),
        Segment.INACTIVE: _("Not seen for 30 days"),
    }


def _states(words: Language) -> dict[str, str]:
    _ = words._
    return {
        BroadcastState.DRAFT: _("Draft"),
        BroadcastState.RUNNING: _("Being sent"),
        BroadcastState.STOPPED: _("Stopped"),
        BroadcastState.DONE: _("Sent"),
    }
