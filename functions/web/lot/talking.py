"""Writing to the other side of a deal on the lot's page, what is new there, photos, and reporting a message.

To everybody but the two sides nothing of it is there.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from starbid.domain.deal_errors import NotSold
from starbid.domain.errors import NotFound, NotYours, StarbidError
from starbid.domain.talks import TEXT_LENGTH, AlreadyReportedMessage, Fault
from starbid.domain.typed_numbers import typed_whole
from starbid.imaging.sizes import PICTURE_TYPE
from starbid.services.ports import Contended
from starbid.services.talks.writing import Reach
from starbid.talk_words import fault_name, report_line
from web.kernel.caching import is_known
from web.kernel.exceptions import NoSuchPage
from web.kernel.forms import Form
from web.kernel.http import HTML, Request, Response, redirect
from web.kernel.routing import Router
from web.lot.page import RefusedForm, look, seen_by_visitor, show_lot
from web.lot.refusing import back_to, sentence_of
from web.lot.talk_view import TypedTalk, photos_of, talk_box
from web.shared.choices import Option
from web.shared.context import page_context, page_words, show, with_note
from web.shared.refusals import as_refusal, status_of, with_patience
from web.shared.rendering import render

router = Router()
_UNKEPT = "private, no-store"
_AWAY = {Reach.STOPPED: "message-away", Reach.BARRED: "message-barred"}


def _again(request: Request, error: StarbidError, auction_id: str) -> Response:
    return _refused(request, auction_id, request.typed, error)


@router.post("/auction/<auction_id>/message", again=_again)
def write(request: Request, auction_id: str) -> Response:
    """`text` and `pictures`: a message to the other side. The same ones under the same `request_id` are one message;
    other words under it are another: somebody went back to the form.
    """
    user_id, form = request.visitor.require_user(), request.form
    text, files = _text(form), [upload.data for upload in form.files("pictures")]
    key = _key(form.get("request_id", "")[:64] or secrets.token_hex(16), text, files)
    try:
        with _hidden_from_others():
            sent = request.app.talking.write(user_id, auction_id, text, files, key, request.now)
    except (StarbidError, Contended) as error:
        return _refused(request, auction_id, form, error)
    if sent.reach in _AWAY:
        return with_note(back_to(auction_id), _AWAY[sent.reach])
    return redirect(f"/auction/{auction_id}#talk")


@router.get("/auction/<auction_id>/messages", page="/auction/<auction_id>")
def news(request: Request, auction_id: str) -> Response:
    """The newest lines, for the open page; 304 while they are the same."""
    view = seen_by_visitor(request, auction_id)
    words = page_words(request)
    box = talk_box(request, view, words)
    if box is None:
        raise NoSuchPage
    headers = {"cache-control": _UNKEPT, "etag": box.tag}
    if is_known(request, box.tag):
        return Response("", 304, headers=headers)
    body = render("lot/talk_news.html", words, page=page_context(request, words), talk=box)
    return Response(body, 200, HTML, headers)


@router.get("/auction/<auction_id>/message/<number>/photos/<picture_id>", page="/auction/<auction_id>")
def photo(request: Request, auction_id: str, number: str, picture_id: str) -> Response:
    """`size`: `small`, or `large` as without."""
    viewer_id, which, size = request.visitor.user_id, typed_whole(number), request.query.get("size", "large")
    data = None
    if viewer_id and which:
        with _hidden_from_others():
            data = request.app.talking.photo(viewer_id, auction_id, which, picture_id, size, request.now)
    if data is None:
        raise NoSuchPage
    return Response(data, 200, PICTURE_TYPE, {"cache-control": _UNKEPT})


@router.get("/auction/<auction_id>/message/<number>/report", page="/auction/<auction_id>")
def ask_why(request: Request, auction_id: str, number: str) -> Response:
    user_id = request.visitor.require_user()
    return _report_page(request, user_id, auction_id, number)


@router.post("/auction/<auction_id>/message/<number>/report", page="/auction/<auction_id>")
def report(request: Request, auction_id: str, number: str) -> Response:
    """`reason`: one of `Fault`. Reported already, it is not done again."""
    user_id, which, words = request.visitor.require_user(), typed_whole(number), page_words(request)
    title = request.app.browsing.lot(auction_id, user_id, request.now).lot.card.title

    def said(why: Fault) -> str:
        return report_line(which or 0, title, auction_id, why, words)

    try:
        with _hidden_from_others():
            request.app.talking.report(
                user_id, auction_id, which or 0, request.form.get("reason", ""), request.now, said
            )
    except AlreadyReportedMessage:
        pass
    except (StarbidError, Contended) as error:
        told = as_refusal(error)
        if request.wants_json or status_of(told) == NoSuchPage.status:
            raise told from error
        page = _report_page(request, user_id, auction_id, number, sentence_of(request, told), status_of(told))
        return with_patience(page, told)
    return with_note(back_to(auction_id), "message-reported")


def _report_page(
    request: Request, user_id: int, auction_id: str, number: str, fault: str = "", status: int = 200
) -> Response:
    words, which = page_words(request), typed_whole(number)
    try:
        with _hidden_from_others():
            message = request.app.talking.reportable(user_id, auction_id, which or 0, request.now)
    except AlreadyReportedMessage:
        return with_note(back_to(auction_id), "message-reported")
    choices = [Option(each.value, fault_name(each, words), False) for each in Fault]
    return show(
        request,
        "lot/report_message.html",
        status,
        url=f"/auction/{auction_id}",
        message=message,
        photos=photos_of(message, auction_id, request.now),
        choices=choices,
        fault=fault,
    )


def _refused(request: Request, auction_id: str, form: Form, error: Exception) -> Response:
    """The lot again, with what was typed still in the form."""
    told = as_refusal(error)
    if request.wants_json or isinstance(told, NotFound):
        raise told
    sentence = sentence_of(request, told)
    typed = TypedTalk(_text(form)[: 2 * TEXT_LENGTH], sentence, had_photos=bool(form.files("pictures")))
    seen = look(request, auction_id)
    deal = seen.view.deal
    if deal is None or seen.view.viewer_id not in (deal.buyer_id, deal.seller_id):
        raise NotFound
    return with_patience(show_lot(request, seen, RefusedForm(talk=typed), status_of(told)), told)


@contextmanager
def _hidden_from_others() -> Iterator[None]:
    """Raises NotFound for who is on no side of the deal, and where there is none."""
    try:
        yield
    except (NotYours, NotSold) as error:
        raise NotFound from error


def _text(form: Form) -> str:
    return form.get("text", "").replace("\r\n", "\n")


def _key(request_id: str, text: str, files: Sequence[bytes]) -> str:
    content = hashlib.sha256(text.encode())
    for data in files:
        content.update(hashlib.sha256(data).digest())
    return f"web:{request_id}:{content.hexdigest()[:32]}"
