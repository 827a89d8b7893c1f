"""Operators who decide."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from starbid.bootstrap import App
from starbid.domain.audit_trail import Decision, Operator
from starbid.domain.roles import Role

_numbers = count(1)
OWNER = 900
"""In ADMIN_IDS of the tests."""


def deciding(reason: str, at: datetime, by: int = OWNER, role: Role = Role.OWNER, key: str = "") -> Decision:
    """A decision of its own, unless it has the `key` of another. Nothing is checked: services do that."""
    return Decision(Operator(by, role), reason, key or f"decision-{next(_numbers)}", at)


def decision(
    app: App, by: int = OWNER, reason: str = "as agreed", *, role: Role | None = None, at: datetime | None = None
) -> Decision:
    """The same, now and by an operator as the app knows them, unless a role is given."""
    role = role or app.operators.operator(by).role
    return deciding(reason, at or app.now(), by, role)
