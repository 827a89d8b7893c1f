"""Exports in the panel: what to put into a file, how far its making is, the file."""

from __future__ import annotations

from urllib.parse import urlencode

from starbid.domain.audit_trail import Operator
from starbid.domain.errors import Invalid
from starbid.domain.roles import Right, Role
from starbid.field_words import field_fault
from web.admin.desk import Desk, decision, new_key
from web.admin.exports_view import ExportView, offered, view_export
from web.admin.shell import panel
from web.kernel.http import Request, Response, html, redirect
from web.shared.context import page_context, page_words, with_note
from web.shared.rendering import render

desk = Desk()
FIELDS = ("what", "format", "from", "to", "bom")
EXPORT = "/admin/exports/<export_id>"


@desk.get("/admin/exports", Right.SEE)
def exports(request: Request, operator: Operator) -> Response:
    return _list(request, operator)


@desk.post("/admin/exports", Right.SUPPORT)
def ask(request: Request, operator: Operator) -> Response:
    """`what`, `format` (csv, xlsx); `from` and `to` are days in the operator's zone; `bom` is a checkbox."""
    zone = page_words(request).zone
    try:
        export_id = request.app.exports.ask(decision(request, operator, needs_reason=False), request.form, zone)
    except Invalid as fault:
        if request.wants_json:
            raise
        return _list(request, operator, fault)
    return redirect(f"/admin/exports/{export_id}")


@desk.get(EXPORT, Right.SEE)
def export(request: Request, operator: Operator, export_id: str) -> Response:
    return panel(request, operator, "admin/export.html", export=_view(request, operator, export_id))


@desk.get(f"{EXPORT}/progress", Right.SEE, page=EXPORT)
def progress(request: Request, operator: Operator, export_id: str) -> Response:
    """What the page asks for every two seconds."""
    words, shown = page_words(request), _view(request, operator, export_id)
    values = {"page": page_context(request, words), "export": shown, "key": new_key}
    return html(render("admin/export_progress.html", words, **values))


@desk.get(f"{EXPORT}/file", Right.SEE, page=EXPORT)
def file(request: Request, operator: Operator, export_id: str) -> Response:
    return redirect(request.app.exports.link(operator, export_id, request.now))


@desk.post(f"{EXPORT}/cancel", Right.SUPPORT)
def cancel(request: Request, operator: Operator, export_id: str) -> Response:
    request.app.exports.cancel(decision(request, operator, needs_reason=False), export_id)
    return with_note(redirect(f"/admin/exports/{export_id}"), "export-cancelled")


@desk.post(f"{EXPORT}/retry", Right.SUPPORT)
def retry(request: Request, operator: Operator, export_id: str) -> Response:
    request.app.exports.try_again(decision(request, operator, needs_reason=False), export_id)
    return with_note(redirect(f"/admin/exports/{export_id}"), "export-retried")


def _view(request: Request, operator: Operator, export_id: str) -> ExportView:
    found = request.app.exports.find(operator, export_id, request.now)
    return view_export(found, page_words(request), request.now)


def _list(request: Request, operator: Operator, fault: Invalid | None = None) -> Response:
    """With a form of what was typed, and what is wrong with it."""
    words, typed = page_words(request), request.form if fault else request.query
    page = request.app.exports.page(operator, request.now, None if fault else request.query.get("cursor"))
    return panel(
        request,
        operator,
        "admin/exports.html",
        422 if fault else 200,
        exports=[view_export(each, words, request.now) for each in page.items],
        next_url=f"/admin/exports?{urlencode({'cursor': page.cursor})}" if page.cursor else "",
        offered=offered(operator, words),
        sees_all=operator.role is Role.OWNER,
        typed={name: typed.get(name, "") for name in FIELDS},
        faults=dict.fromkeys(FIELDS, "") | ({fault.field: field_fault(fault, words)} if fault else {}),
    )
