"""The role of who is asking, on the operator's side."""

from __future__ import annotations

import secrets

from starbid.domain.audit_trail import Decision, Operator, decided
from starbid.domain.errors import NotYours
from starbid.domain.roles import Right, Role, require_right
from web.kernel.http import Request


def role_of(request: Request) -> Role | None:
    """None for visitors and for people without one."""
    person = request.visitor.person
    return request.app.operators.role_of(person) if person else None


def require_operator(request: Request, right: Right) -> Operator:
    """Who asks for what operators alone may do. Programs are told why they may not, other than people in the panel:
    the API's document names these routes to everybody.

    Raises Unauthenticated, NotYours for one without a role, NotAllowed where it is too small.
    """
    person, role = request.visitor.require_person(), role_of(request)
    if role is None:
        raise NotYours
    require_right(role, right)
    return Operator(person.id, role, request.source_ip)


def cancelling(request: Request, reason: str | None) -> Decision | None:
    """What an operator decides who cancels a lot, where anybody may ask for that; None for all others. A program need
    give no reason. Raises Invalid.
    """
    role, user_id = role_of(request), request.visitor.user_id
    if role is None or user_id is None or not role.has(Right.SUPPORT):
        return None
    by = Operator(user_id, role, request.source_ip)
    return decided(by, reason or "", secrets.token_hex(16), request.now, needs_reason=reason is not None)
