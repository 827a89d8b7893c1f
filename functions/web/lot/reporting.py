"""Reporting a lot, through the form of its page."""

from __future__ import annotations

from starbid.domain.errors import NotFound, StarbidError
from starbid.domain.reports import TEXT_LENGTH
from starbid.services.ports import Contended
from web.kernel.forms import Form
from web.kernel.http import Request, Response
from web.kernel.routing import Router
from web.lot.page import RefusedForm, look, show_lot
from web.lot.refusing import back_to, sentence_of
from web.lot.report_view import TypedReport
from web.shared.context import with_note
from web.shared.refusals import as_refusal, status_of, with_patience

router = Router()


def _again(request: Request, error: StarbidError, auction_id: str) -> Response:
    return _refused(request, auction_id, error, _typed(request.typed))


@router.post("/auction/<auction_id>/report", again=_again)
def report(request: Request, auction_id: str) -> Response:
    """`reason`: one of `ReportReason`, with a `text` where there is more to say; or the reason in words."""
    user_id, typed = request.visitor.require_user(), _typed(request.form)
    try:
        request.app.browsing.lot(auction_id, user_id, request.now)  # a hidden lot is not there for all
        request.app.reports.report(user_id, auction_id, typed.reason, request.now, typed.text)
    except (StarbidError, Contended) as error:
        return _refused(request, auction_id, error, typed)
    return with_note(back_to(auction_id), "reported")


def _refused(request: Request, auction_id: str, error: Exception, typed: TypedReport) -> Response:
    """The lot again, with what was typed still in the form."""
    told = as_refusal(error)
    if request.wants_json or isinstance(told, NotFound):
        raise told
    refused = TypedReport(typed.reason, typed.text, sentence_of(request, told))
    page = show_lot(request, look(request, auction_id), RefusedForm(report=refused), status_of(told))
    return with_patience(page, told)


def _typed(form: Form) -> TypedReport:
    """One sign more than there is room for is enough to refuse it."""
    most = TEXT_LENGTH + 1
    reason, text = (form.get(name, "").replace("\r\n", "\n").strip()[:most] for name in ("reason", "text"))
    return TypedReport(reason, text)
