"""Tickets: who waits, the conversation with its person, and the answers that operators keep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starbid.domain.audit_trail import Decision, Operator
from starbid.domain.errors import NotFound, StarbidError
from starbid.domain.roles import Right
from starbid.domain.tickets import CANNED_TITLE, MAX_PICTURES, TEXT_LENGTH, Ticket, TicketState
from starbid.i18n import Language
from starbid.imaging.sizes import PICTURE_TYPE
from starbid.services.desk.attention import TO_READ, waiting
from starbid.services.ports import Contended
from web.admin import attention
from web.admin.attention import Need
from web.admin.desk import Desk, decision
from web.admin.shell import panel
from web.kernel.exceptions import NoSuchPage
from web.kernel.forms import Form
from web.kernel.http import Request, Response, path_with, redirect
from web.shared.context import with_note
from web.shared.refusals import as_refusal, message_of, status_of
from web.shared.ticket_view import SHOWN, state_name, views_of

desk = Desk()
ROWS = 50
MAX_DIGITS = 16


@dataclass(frozen=True)
class Typed:
    """A form that was refused: what was typed, and why."""

    text: str = ""
    fault: str = ""
    had_photos: bool = False
    title: str = ""


@attention.source("tickets", Right.SEE)
def waiting_tickets(request: Request, words: Language) -> Need:
    found = request.app.ticket_desk.waiting(TicketState.OPEN, request.now, limit=TO_READ).items
    return Need(words._("Tickets"), "/admin/tickets", waiting(ticket.since for ticket in found))


@desk.get("/admin/tickets", Right.SEE)
def tickets(request: Request, operator: Operator) -> Response:
    """`state`: open (as without), waiting, closed; or all of a person's, `user_id`. `cursor` goes on."""
    state, cursor = _state(request.query.get("state", "")), request.query.get("cursor")
    whose = _person_id(request.query.get("user_id", ""))
    if whose:
        found = request.app.tickets.of(whose, request.now, limit=ROWS, cursor=cursor)
    else:
        found = request.app.ticket_desk.waiting(state, request.now, limit=ROWS, cursor=cursor)
    ids = {ticket.person_id for ticket in found.items} | {each.assigned_to for each in found.items if each.assigned_to}
    people = request.app.store.people(tuple(ids)) if ids else {}
    shown = {"user_id": str(whose)} if whose else {"state": state.value}
    next_url = path_with("/admin/tickets", **shown, cursor=found.cursor) if found.cursor else None
    return panel(
        request,
        operator,
        "admin/tickets.html",
        state=None if whose else state,
        whose=whose,
        states=_states(request),
        names=dict(_states(request)),
        tickets=found.items,
        people=people,
        next_url=next_url,
    )


@desk.get("/admin/tickets/<ticket_id>", Right.SEE)
def ticket(request: Request, operator: Operator, ticket_id: str) -> Response:
    """`cursor` goes back to older messages; `canned` puts an answer that is kept into the form."""
    found, text = _ticket(request, ticket_id), ""
    wanted = request.query.get("canned")
    if wanted:
        person = request.app.store.person(found.person_id)
        kept = (each for each in request.app.ticket_desk.canned(request.now) if each.id == wanted)
        text = next((each.to(person.name if person else "") for each in kept), "")
    return _page(request, operator, found, Typed(text))


@desk.post("/admin/tickets/<ticket_id>/answer", Right.SUPPORT)
def answer(request: Request, operator: Operator, ticket_id: str) -> Response:
    """`text`, `pictures`, `reason`; `seen`: how many answers stood there when it was written."""
    form, found = request.form, _ticket(request, ticket_id)
    files = [upload.data for upload in form.files("pictures")]
    try:
        seen = _whole(form["seen"]) if "seen" in form else None
        request.app.ticket_desk.answer(decision(request, operator), ticket_id, form.get("text", ""), files, seen=seen)
    except (StarbidError, Contended) as error:
        return _refused(request, operator, found, error, form)
    return with_note(redirect(f"/admin/tickets/{ticket_id}"), "ticket-answered")


@desk.post("/admin/tickets/<ticket_id>/close", Right.SUPPORT)
def close(request: Request, operator: Operator, ticket_id: str) -> Response:
    return _act(request, operator, ticket_id, request.app.ticket_desk.close, "ticket-closed")


@desk.post("/admin/tickets/<ticket_id>/reopen", Right.SUPPORT)
def reopen(request: Request, operator: Operator, ticket_id: str) -> Response:
    return _act(request, operator, ticket_id, request.app.ticket_desk.reopen, "ticket-reopened")


@desk.post("/admin/tickets/<ticket_id>/assign", Right.SUPPORT)
def assign(request: Request, operator: Operator, ticket_id: str) -> Response:
    """To oneself; with `drop` back to everybody."""
    taken = "drop" not in request.form

    def step(decided: Decision, ticket_id: str) -> Ticket:
        return request.app.ticket_desk.assign(decided, ticket_id, taken=taken)

    return _act(request, operator, ticket_id, step, "ticket-taken" if taken else "ticket-dropped")


@desk.get("/admin/tickets/<ticket_id>/photos/<number>/<picture_id>", Right.SEE, page="/admin/tickets/<ticket_id>")
def photo(request: Request, _operator: Operator, ticket_id: str, number: str, picture_id: str) -> Response:
    """`size`: `small`, or `large` as without."""
    found, size = _ticket(request, ticket_id), request.query.get("size", "large")
    data = request.app.tickets.picture(found, _whole(number), picture_id, size, request.now)
    if data is None:
        raise NoSuchPage
    return Response(data, 200, PICTURE_TYPE)


@desk.get("/admin/canned", Right.SUPPORT)
def canned(request: Request, operator: Operator) -> Response:
    """The answers that are kept."""
    return _canned(request, operator)


@desk.post("/admin/canned", Right.SUPPORT)
def keep(request: Request, operator: Operator) -> Response:
    """`title`, `text`: a new one, or another wording of `id`, which was seen in `version`."""
    form = request.form
    try:
        decided = decision(request, operator)
        canned_id, version = form.get("id", "")[:20], _whole(form.get("version", ""))
        title, text = form.get("title", ""), form.get("text", "")
        request.app.ticket_desk.keep_canned(decided, title, text, canned_id, version if canned_id else 0)
    except (StarbidError, Contended) as error:
        refusal = as_refusal(error)
        typed = Typed(
            form.get("text", "")[: 2 * TEXT_LENGTH], message_of(refusal, request.words), title=form.get("title", "")
        )
        return _canned(request, operator, typed, status_of(refusal), form.get("id", ""))
    return with_note(redirect("/admin/canned"), "canned-kept")


@desk.post("/admin/canned/<canned_id>/drop", Right.SUPPORT)
def drop(request: Request, operator: Operator, canned_id: str) -> Response:
    request.app.ticket_desk.drop_canned(decision(request, operator), canned_id)
    return with_note(redirect("/admin/canned"), "canned-dropped")


def _act(
    request: Request, operator: Operator, ticket_id: str, act: Callable[[Decision, str], Ticket], note: str
) -> Response:
    """Once; refused, the page shows how the ticket stands now, with the reason of the refusal."""
    _ticket(request, ticket_id)
    try:
        act(decision(request, operator), ticket_id)
    except (StarbidError, Contended) as error:
        return _refused(request, operator, _ticket(request, ticket_id), error, Form([]))
    return with_note(redirect(f"/admin/tickets/{ticket_id}"), note)


def _refused(request: Request, operator: Operator, found: Ticket, error: Exception, form: Form) -> Response:
    """How the ticket stands now: another one's answer is there to be read; what was typed is kept."""
    refusal = as_refusal(error)
    if request.wants_json:
        raise refusal
    fault, photos = message_of(refusal, request.words), bool(form.files("pictures"))
    typed = Typed(form.get("text", "")[: 2 * TEXT_LENGTH], fault, had_photos=photos)
    return _page(request, operator, _ticket(request, found.id), typed, status_of(refusal))


def _page(request: Request, operator: Operator, found: Ticket, typed: Typed, status: int = 200) -> Response:
    app, now, cursor = request.app, request.now, request.query.get("cursor") if request.is_read else None
    page, path = app.tickets.messages(found.id, now, limit=SHOWN, cursor=cursor), f"/admin/tickets/{found.id}"
    ids = {found.person_id, *(each.author_id for each in page.items)} | (
        {found.assigned_to} if found.assigned_to else set()
    )
    others = app.tickets.of(found.person_id, now, limit=10).items
    return panel(
        request,
        operator,
        "admin/ticket.html",
        status,
        ticket=found,
        state=state_name(found, request.words, to_operator=True),
        people=app.store.people(tuple(ids)),
        messages=views_of(page.items, path, now),
        older=path_with(path, cursor=page.cursor) if page.cursor else None,
        newest=path if cursor else None,
        others=[(each, state_name(each, request.words, to_operator=True)) for each in others if each.id != found.id],
        canned=app.ticket_desk.canned(now),
        typed=typed,
        most=TEXT_LENGTH,
        photos=MAX_PICTURES,
    )


def _canned(
    request: Request, operator: Operator, typed: Typed = Typed(), status: int = 200, typed_id: str = ""
) -> Response:
    kept = request.app.ticket_desk.canned(request.now)
    return panel(
        request, operator, "admin/canned.html", status, canned=kept, typed=typed, typed_id=typed_id,
        most=TEXT_LENGTH, most_title=CANNED_TITLE,
    )  # fmt: skip


def _ticket(request: Request, ticket_id: str) -> Ticket:
    """Raises NoSuchPage."""
    try:
        return request.app.tickets.ticket(ticket_id, request.now)
    except NotFound:
        raise NoSuchPage from None


def _state(typed: str) -> TicketState:
    return TicketState(typed) if typed in tuple(TicketState) else TicketState.OPEN


def _states(request: Request) -> tuple[tuple[TicketState, str], ...]:
    _ = request.words._
    return (
        (TicketState.OPEN, _("Waiting for us")),
        (TicketState.WAITING, _("Waiting for the person")),
        (TicketState.CLOSED, _("Closed")),
    )


def _person_id(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < MAX_DIGITS else None


def _whole(typed: str) -> int:
    """0 for what is no number."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 8 else 0
