"""What operators decide about one person: a form each. Refused, the page comes again with what was typed."""

from __future__ import annotations

from collections.abc import Callable

from starbid.domain.audit_trail import Decision, Operator
from starbid.domain.errors import Invalid, StarbidError
from starbid.domain.moderation import read_change, read_credits, read_end, read_role
from starbid.domain.restrictions import Limit, restrictions_of
from starbid.domain.roles import NotAllowed, Right
from starbid.field_words import field_fault
from starbid.services.desk.carrying_out import NoSuchPerson
from web.admin.desk import Desk, decision
from web.admin.people.page import Refused, person_page, typed_in
from web.kernel.exceptions import NoSuchPage
from web.kernel.http import Request, Response, redirect
from web.shared.context import page_words, with_note
from web.shared.refusals import message_of, status_of

desk = Desk()
PERSON = "/admin/users/<person_id>"


@desk.post(f"{PERSON}/block", Right.SUPPORT, page=PERSON)
def block(request: Request, operator: Operator, person_id: str) -> Response:
    """`reason`."""
    user_id, moderation = int(person_id), request.app.moderation
    return _act(request, operator, user_id, "block", lambda decided: moderation.block(user_id, decided))


@desk.post(f"{PERSON}/unblock", Right.SUPPORT, page=PERSON)
def unblock(request: Request, operator: Operator, person_id: str) -> Response:
    """`reason`."""
    user_id, moderation = int(person_id), request.app.moderation
    return _act(request, operator, user_id, "unblock", lambda decided: moderation.unblock(user_id, decided))


@desk.post(f"{PERSON}/restrict", Right.SUPPORT, page=PERSON)
def restrict(request: Request, operator: Operator, person_id: str) -> Response:
    """`bids`, `lots`, `assistant`: what is barred, none lifts all; `until` (ISO 8601, in the operator's zone) or
    `days`, neither: until it is lifted; `reason`.
    """
    user_id, form = int(person_id), request.form

    def act(decided: Decision) -> None:
        until = read_end(form.get("until", ""), form.get("days", ""), page_words(request).zone, request.now)
        limits = {limit for limit in Limit if form.get(limit, "") not in ("", "0")}
        request.app.moderation.restrict(user_id, restrictions_of(limits, until), decided)

    return _act(request, operator, user_id, "restrict", act)


@desk.post(f"{PERSON}/balance", Right.FINANCE, page=PERSON)
def balance(request: Request, operator: Operator, person_id: str) -> Response:
    """`currency`, `change` in signed minor units, `reason`."""
    user_id, form = int(person_id), request.form

    def act(decided: Decision) -> None:
        change = read_change(form.get("currency", ""), form.get("change", ""))
        request.app.balances.adjust(user_id, change, decided)

    return _act(request, operator, user_id, "balance", act)


@desk.post(f"{PERSON}/credits", Right.FINANCE, page=PERSON)
def credits_(request: Request, operator: Operator, person_id: str) -> Response:
    """`change`: answers of the AI helper to give, or to take where it is negative; `reason`."""
    user_id, form = int(person_id), request.form

    def act(decided: Decision) -> None:
        request.app.buying.change(user_id, read_credits(form.get("change", "")), decided)

    return _act(request, operator, user_id, "credits", act)


@desk.post(f"{PERSON}/message", Right.SUPPORT, page=PERSON)
def message(request: Request, operator: Operator, person_id: str) -> Response:
    """`text`, which the bot tells them; `reason`."""
    user_id, text = int(person_id), request.form.get("text", "")
    write_to = request.app.moderation.write_to
    return _act(request, operator, user_id, "message", lambda decided: write_to(user_id, text, decided))


@desk.post(f"{PERSON}/role", Right.OWN, page=PERSON)
def role(request: Request, operator: Operator, person_id: str) -> Response:
    """`role`, empty for none; `reason`."""
    user_id, typed = int(person_id), request.form.get("role", "")
    grant = request.app.moderation.grant
    return _act(request, operator, user_id, "role", lambda decided: grant(user_id, read_role(typed), decided))


@desk.post(f"{PERSON}/note", Right.SUPPORT, page=PERSON)
def note(request: Request, operator: Operator, person_id: str) -> Response:
    """`text`, for operators; `reason`."""
    user_id, text = int(person_id), request.form.get("text", "")
    keep = request.app.moderation.note
    return _act(request, operator, user_id, "note", lambda decided: keep(user_id, text, decided))


def _act(
    request: Request,
    operator: Operator,
    user_id: int,
    name: str,
    act: Callable[[Decision], object],
) -> Response:
    """Carried out: back to the page, which tells so. A right that the role lacks is no matter of the form."""
    here = f"/admin/users/{user_id}"
    try:
        act(decision(request, operator))
    except NoSuchPerson:
        raise NoSuchPage from None
    except NotAllowed:
        raise
    except StarbidError as error:
        if request.wants_json:
            raise
        return person_page(request, operator, user_id, _refused(request, name, error))
    section = {"note": "?section=notes", "credits": "?section=assistant"}.get(name, "")
    return with_note(redirect(f"{here}{section}"), f"person-{name}")


def _refused(request: Request, name: str, error: StarbidError) -> Refused:
    words = page_words(request)
    if isinstance(error, Invalid):
        return Refused(name, {error.field: field_fault(error, words)}, typed_in(request), 422)
    return Refused(name, {"": message_of(error, words)}, typed_in(request), status_of(error))
