"""What operators decide in tests."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from starbid.bootstrap import App
from starbid.domain.audit_trail import Decision, Operator, decided
from starbid.domain.roles import Role

_KEYS = count(1)


def decision(
    app: App,
    by: int = 900,
    reason: str = "as agreed",
    *,
    role: Role | None = None,
    key: str = "",
    at: datetime | None = None,
) -> Decision:
    """By an operator as the app knows them, or with a role given; another one with each call, unless `key` is given."""
    operator = Operator(by, role, "203.0.113.9") if role else app.operators.operator(by, "203.0.113.9")
    return decided(operator, reason, key or f"decision-{next(_KEYS)}", at or app.now())
