"""The page of a person: what they have, what they did, what can be decided about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from starbid.domain.audit_trail import Operator
from starbid.domain.money import CURRENCIES
from starbid.domain.people import Person
from starbid.domain.restrictions import FOREVER, Limit
from starbid.domain.roles import Right, Role
from starbid.domain.wallet import with_default
from web.admin.desk import Desk
from web.admin.people import sections, view
from web.admin.shell import panel
from web.kernel.exceptions import NoSuchPage
from web.kernel.http import Request, Response, path_with
from web.shared.context import page_words

desk = Desk()
FIRST = "deals"
_FIELDS = ("text", "currency", "change", "until", "days", "role", "reason", *Limit)
_LONGEST_TYPED = 4_000
_SECTIONS = {"note": "notes", "credits": "assistant"}
"""What an act is about, where it was refused."""


@dataclass(frozen=True)
class Refused:
    """An act that was not carried out: its name, what is wrong with which field (`""`: with none), what was typed."""

    act: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


NOTHING = Refused()


def typed_in(request: Request) -> dict[str, str]:
    """What stands in the fields of an act, to be shown once more."""
    return {name: request.form[name][:_LONGEST_TYPED] for name in _FIELDS if name in request.form}


@desk.get("/admin/users/<person_id>", Right.SEE)
def user(request: Request, operator: Operator, person_id: str) -> Response:
    """`section`: one of sections.names; `cursor` goes on in it, `currency` chooses the ledger."""
    return person_page(request, operator, int(person_id), NOTHING)


def person_page(request: Request, operator: Operator, person_id: int, refused: Refused) -> Response:
    """Raises NoSuchPage for one who was never here."""
    person, words = request.app.store.person(person_id, consistent=True), page_words(request)
    if person is None:
        raise NoSuchPage
    names = sections.names(words)
    section = request.query.get("section", "")
    section = section if section in names else _SECTIONS.get(refused.act, FIRST)
    read, role = sections.read(section, request, person, words), request.app.operators.role_of(person)
    here = f"/admin/users/{person.id}"
    currency = request.query.get("currency") or None
    return panel(
        request,
        operator,
        "admin/person.html",
        refused.status,
        person=person,
        here=here,
        role=role,
        role_named=view.role_name(role, words),
        is_fixed=person.id in request.app.settings.business.admin_ids,
        is_self=person.id == operator.id,
        marks=view.marks(person, role, words, request.now),
        barred=view.restrictions_said(person.restrictions, words, request.now),
        limits={limit.value: view.limit_name(limit, words) for limit in Limit},
        barred_now=_barred(person, request),
        until_now=_until(person, request),
        roles={each.value: view.role_name(each, words) for each in Role},
        wallets=with_default(request.app.store.wallets(person.id, consistent=True), person.id),
        currencies=tuple(CURRENCIES),
        has_helper=request.app.settings.business.assistant.is_offered,
        names=names,
        section=section,
        read=read,
        next_url=path_with(here, section=section, currency=currency, cursor=read.cursor) if read.cursor else None,
        refused=refused,
    )


def _barred(person: Person, request: Request) -> tuple[str, ...]:
    return tuple(person.restrictions.limits) if person.restrictions.are_on(request.now) else ()


def _until(person: Person, request: Request) -> str:
    """As a form's field shows it, in the operator's zone."""
    until = person.restrictions.until
    if until is None or until == FOREVER or not person.restrictions.are_on(request.now):
        return ""
    return f"{until.astimezone(page_words(request).zone):%Y-%m-%dT%H:%M}"
