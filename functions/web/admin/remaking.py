"""Having the figures of some days made again, from the first page."""

from __future__ import annotations

from urllib.parse import urlencode

from starbid.domain.audit_trail import Operator
from starbid.domain.errors import Invalid
from starbid.domain.roles import Right
from web.admin.desk import Desk, decision
from web.admin.overview import first_page
from web.kernel.http import Request, Response, redirect
from web.shared.context import page_words, with_note
from web.shared.refusals import message_of

desk = Desk()


@desk.post("/admin/figures", Right.OWN, page="/admin")
def remake(request: Request, operator: Operator) -> Response:
    days = {name: request.form.get(name, "") for name in ("from", "to")}
    try:
        request.app.remaking.ask(decision(request, operator), days["from"], days["to"])
    except Invalid as fault:
        if request.wants_json:
            raise
        said = {"fault_reason" if fault.field == "reason" else "fault_days": message_of(fault, page_words(request))}
        return first_page(request, operator, 422, **days, reason=request.form.get("reason", ""), **said)
    return with_note(redirect(f"/admin?{urlencode(days)}"), "figures")
