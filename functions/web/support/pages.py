"""Writing to support, reading what was answered, closing a ticket. Visitors are led to the chat, or to a login."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from starbid.domain.errors import NotFound, StarbidError
from starbid.domain.tickets import MAX_PICTURES, TEXT_LENGTH, Ticket
from starbid.imaging.sizes import PICTURE_TYPE
from starbid.services.ports import Contended
from web.kernel.exceptions import NoSuchPage
from web.kernel.forms import Form
from web.kernel.http import Request, Response, path_with, redirect
from web.kernel.routing import Router
from web.shared.context import show, with_note
from web.shared.refusals import as_refusal, message_of, status_of
from web.shared.ticket_view import SHOWN, state_name, views_of

router = Router()


@dataclass(frozen=True)
class Typed:
    """A form that was refused: what was typed, and why."""

    text: str = ""
    fault: str = ""
    had_photos: bool = False


@router.get("/support")
def support(request: Request) -> Response:
    """`cursor` goes on in the list of one's tickets."""
    return _overview(request)


def _again(request: Request, error: StarbidError) -> Response:
    return _refused(request, request.typed, error)


@router.post("/support", again=_again)
def write(request: Request) -> Response:
    """`text` and `pictures`: into the person's open ticket, or `ticket`, or a new one. `request_id` is one message,
    however often the form comes.
    """
    user_id, form = request.visitor.require_user(), request.form
    files = [upload.data for upload in form.files("pictures")]
    key = form.get("request_id", "")[:64] or secrets.token_hex(16)
    try:
        written = request.app.tickets.write(
            user_id, form.get("text", ""), files, f"web:{key}", request.now, ticket_id=form.get("ticket", "")[:20]
        )
    except (StarbidError, Contended) as error:
        return _refused(request, form, error)
    return with_note(redirect(f"/support/{written.ticket.id}"), "ticket-written")


@router.get("/support/<ticket_id>")
def ticket(request: Request, ticket_id: str) -> Response:
    """`cursor` goes back to older messages."""
    return _conversation(request, _own(request, ticket_id))


@router.post("/support/<ticket_id>/solved")
def solved(request: Request, ticket_id: str) -> Response:
    _own(request, ticket_id)
    request.app.tickets.close(request.visitor.require_user(), ticket_id, request.now)
    return with_note(redirect(f"/support/{ticket_id}"), "ticket-closed")


@router.get("/support/<ticket_id>/photos/<number>/<picture_id>", page="/support/<ticket_id>")
def photo(request: Request, ticket_id: str, number: str, picture_id: str) -> Response:
    """`size`: `small`, or `large` as without."""
    found, size = _own(request, ticket_id), request.query.get("size", "large")
    at = int(number) if number.isascii() and number.isdigit() and len(number) < 8 else 0
    data = request.app.tickets.picture(found, at, picture_id, size, request.now)
    if data is None:
        raise NoSuchPage
    return Response(data, 200, PICTURE_TYPE, {"cache-control": "private, no-store"})


def _own(request: Request, ticket_id: str) -> Ticket:
    """Raises NoSuchPage for another one's."""
    user_id = request.visitor.require_user()
    try:
        return request.app.tickets.own(user_id, ticket_id, request.now)
    except NotFound:
        raise NoSuchPage from None


def _refused(request: Request, form: Form, error: Exception) -> Response:
    """The page of the form again, with what was typed."""
    refusal = as_refusal(error)
    fault = message_of(refusal, request.words)
    typed = Typed(form.get("text", "")[: 2 * TEXT_LENGTH], fault, had_photos=bool(form.files("pictures")))
    try:
        known = _own(request, form.get("ticket", "")) if form.get("ticket") else None
    except NoSuchPage:
        known = None
    status = status_of(refusal)
    return _conversation(request, known, typed, status) if known else _overview(request, typed, status)


def _overview(request: Request, typed: Typed = Typed(), status: int = 200) -> Response:
    user_id = request.visitor.user_id
    if user_id is None:
        return show(request, "support/visitor.html", status)
    app, now = request.app, request.now
    page = app.tickets.of(user_id, now, cursor=request.query.get("cursor"))
    more = path_with("/support", cursor=page.cursor) if page.cursor else None
    return show(
        request,
        "support/overview.html",
        status,
        tickets=[(each, state_name(each, request.words)) for each in page.items],
        open=app.tickets.open_of(user_id, now),
        more=more,
        typed=typed,
        key=secrets.token_hex(16),
        most=TEXT_LENGTH,
        photos=MAX_PICTURES,
    )


def _conversation(request: Request, ticket: Ticket, typed: Typed = Typed(), status: int = 200) -> Response:
    app, now, cursor = request.app, request.now, request.query.get("cursor")
    page = app.tickets.messages(ticket.id, now, limit=SHOWN, cursor=cursor)
    path = f"/support/{ticket.id}"
    return show(
        request,
        "support/ticket.html",
        status,
        ticket=ticket,
        state=state_name(ticket, request.words),
        messages=views_of(page.items, path, now),
        older=path_with(path, cursor=page.cursor) if page.cursor else None,
        newest=path if cursor else None,
        may_write=not ticket.is_closed or ticket.may_reopen(now),
        typed=typed,
        key=secrets.token_hex(16),
        most=TEXT_LENGTH,
        photos=MAX_PICTURES,
    )
