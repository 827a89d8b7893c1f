"""The role of who is asking, on the operator's side."""

from __future__ import annotations

from starbid.domain.roles import Role
from web.kernel.http import Request


def role_of(request: Request) -> Role | None:
    """None for visitors and for people without one."""
    person = request.visitor.person
    return request.app.operators.role_of(person) if person else None
