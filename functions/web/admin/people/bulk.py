"""One decision about several people: first they are listed, then it is carried out for each, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starbid.domain.audit_trail import Decision, Operator
from starbid.domain.errors import Invalid, StarbidError
from starbid.domain.moderation import TEXT_LENGTH
from starbid.domain.roles import Right
from starbid.domain.texts import read_text
from starbid.field_words import field_fault
from web.admin.desk import Desk, decision, new_key
from web.admin.people import view
from web.admin.shell import panel
from web.kernel.http import Request, Response, redirect
from web.shared.context import page_words
from web.shared.refusals import message_of

desk = Desk()
MOST = 100
LIST = "/admin/users"
ACTS = ("block", "unblock", "message")
_LONGEST_ID = 16


@dataclass(frozen=True)
class Outcome:
    """What became of one: `fault` is empty where it is done."""

    id: int
    name: str
    fault: str = ""


@desk.post("/admin/users/bulk", Right.SUPPORT, page=LIST)
def bulk(request: Request, operator: Operator) -> Response:
    """`person`, once each; `act`: block, unblock or message, with its `text`; `reason`. Without `confirmed` it asks.

    Sent twice it is done once: each person's decision has the form's key.
    """
    form = request.form
    ids, act = _chosen(form.all("person")), form.get("act", "")
    if not ids or act not in ACTS:
        return redirect(LIST) if not request.wants_json else _refuse("person" if not ids else "act")
    if not form.get("confirmed"):
        return _asked(request, operator, ids, act)
    try:
        decided = decision(request, operator)
        text = read_text("text", form.get("text", ""), 1, TEXT_LENGTH) if act == "message" else ""
    except Invalid as error:
        if request.wants_json:
            raise
        return _asked(request, operator, ids, act, {error.field: field_fault(error, page_words(request))}, 422)
    carry_out = _act(request, act, text)
    outcomes = [_outcome(request, carry_out, user_id, decided) for user_id in ids]
    return panel(request, operator, "admin/bulk_done.html", outcomes=_named(request, outcomes), act=act)


def _refuse(field: str) -> Response:
    raise Invalid(field, "choice")


def _chosen(typed: list[str]) -> tuple[int, ...]:
    """Each once; what is no id is nobody."""
    ids = (int(each) for each in typed if each.isascii() and each.isdigit() and len(each) <= _LONGEST_ID)
    return tuple(dict.fromkeys(each for each in ids if each))[:MOST]


def _act(request: Request, act: str, text: str) -> Callable[[int, Decision], object]:
    moderation = request.app.moderation
    match act:
        case "block":
            return moderation.block
        case "unblock":
            return moderation.unblock
        case _:
            return lambda user_id, decided: moderation.write_to(user_id, text, decided)


def _outcome(
    request: Request, carry_out: Callable[[int, Decision], object], user_id: int, decided: Decision
) -> Outcome:
    """One who is refused does not keep the others from it."""
    try:
        carry_out(user_id, decided)
    except StarbidError as error:
        return Outcome(user_id, "", message_of(error, page_words(request)))
    return Outcome(user_id, "")


def _named(request: Request, outcomes: list[Outcome]) -> list[Outcome]:
    people = request.app.store.people(outcome.id for outcome in outcomes)
    return [
        Outcome(each.id, people[each.id].name if each.id in people else str(each.id), each.fault) for each in outcomes
    ]


def _asked(
    request: Request,
    operator: Operator,
    ids: tuple[int, ...],
    act: str,
    faults: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    words, form = page_words(request), request.form
    known = request.app.store.people(ids)
    people = [known[user_id] for user_id in ids if user_id in known]
    roles = {person.id: request.app.operators.role_of(person) for person in people}
    return panel(
        request,
        operator,
        "admin/bulk.html",
        status,
        people=view.lines(people, roles, words, request.now),
        act=act,
        faults=faults or {},
        reason=form.get("reason", "")[:1_000],
        text=form.get("text", "")[:4_000],
        request_id=form.get("request_id") or new_key(),
    )
