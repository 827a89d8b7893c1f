"""The last step of selling: the form is looked at as the lot that it would be. Nothing is published by it."""

from __future__ import annotations

import secrets

from starbid.domain.errors import InvalidFields, StarbidError
from starbid.domain.limits import Deed
from starbid.domain.lot_form import typed_fields
from starbid.services.ports import Contended
from web.kernel.http import Request, Response, html
from web.kernel.routing import Router
from web.sell.alt_texts import with_alts
from web.sell.drafting import keep_anyway
from web.sell.fault_summary import fault_lines
from web.sell.form import publishing_again, said_of_form, shown_again
from web.sell.form_page import show_form
from web.sell.form_view import fault_words
from web.sell.intake import Intake
from web.sell.previewing import preview_of
from web.sell.uploads import require_right
from web.shared.context import page_context, page_words
from web.shared.refusals import as_refusal, message_of, status_of
from web.shared.rendering import render

router = Router()


@router.post("/new_auction/preview", again=publishing_again)
def preview(request: Request) -> Response:
    """The page with the preview in it, or its faults; for the script (`quiet`) that part alone. What was typed is kept
    as a draft, and files that came along are put aside.
    """
    person = request.visitor.require_person()
    request_id = request.form.get("request_id", "")[:64] or secrets.token_hex(16)
    intake = Intake(request.app, request.form, person.id, request.now)
    try:
        request.app.limits.require(Deed.DRAFT, person.id, request.now)
        if intake.files:
            require_right(request, person.id)
        said, faults = said_of_form(request)
        intake.glance()
        intake.put_aside()
        if said is None or faults or intake.faults:
            raise InvalidFields((*faults, *intake.faults))
    except (StarbidError, Contended) as error:
        return (
            _quiet_refusal(request, error)
            if request.form.get("quiet")
            else shown_again(request, error, intake, request_id)
        )
    words = page_words(request)
    seen = preview_of(person, said, intake.kept, request_id, words, request.now)
    if request.form.get("quiet"):
        return html(render("sell/preview.html", words, preview=seen, page=page_context(request, words)))
    keep_anyway(request, person.id, intake, request_id)
    typed = typed_fields(with_alts(request.form))
    return show_form(
        request, typed, pictures=intake.kept, uploads=intake.keys, request_id=request_id,
        preview=seen,
    )  # fmt: skip


def _quiet_refusal(request: Request, error: Exception) -> Response:
    told, words = as_refusal(error), page_words(request)
    if not isinstance(told, InvalidFields):
        return html(
            render("sell/fault_summary.html", words, lines=(), sentence=message_of(told, words)), status_of(told)
        )
    faults = fault_words(told, request.form.get("currency", ""), words)
    lines = fault_lines(faults, words)
    return html(render("sell/fault_summary.html", words, lines=lines, sentence=""), status_of(told))
