"""Operators who decide."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from starbid.domain.audit_trail import Decision, Operator
from starbid.domain.roles import Role

_numbers = count(1)
OWNER = 900
"""In ADMIN_IDS of the tests."""


def deciding(reason: str, at: datetime, by: int = OWNER, role: Role = Role.OWNER, key: str = "") -> Decision:
    """A decision of its own, unless it has the `key` of another. Nothing is checked: services do that."""
    return Decision(Operator(by, role), reason, key or f"decision-{next(_numbers)}", at)
