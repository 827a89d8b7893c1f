"""Who may do what on the operator's side (spec, section 9). Each role may do all that those before it may."""

from __future__ import annotations

from enum import Enum, StrEnum

from starbid.domain.errors import StarbidError


class Role(StrEnum):
    """In the order of what they may do."""

    VIEWER = "viewer"
    SUPPORT = "support"
    FINANCE = "finance"
    OWNER = "owner"

    @property
    def rank(self) -> int:
        return tuple(Role).index(self)

    def has(self, right: Right) -> bool:
        """Whether who has this role may do it."""
        return self.rank >= right.value.rank


class Right(Enum):
    """What operators do, and the least role for it."""

    SEE = Role.VIEWER
    SUPPORT = Role.SUPPORT
    """Tickets, blocks, restrictions, messages, notes; hides and cancels lots; settles disputes and reports."""
    FINANCE = Role.FINANCE
    """Balances, refunds, bills, payouts, reconciliation, exports of money."""
    OWN = Role.OWNER
    """Roles, the pause, settings, broadcasts, dead letters."""


class NotAllowed(StarbidError, code="not_allowed"):
    """An operator whose role is too small; `needed` is the least one."""

    def __init__(self, needed: Role) -> None:
        super().__init__(f"this takes the role {needed}", needed=needed.value)
        self.needed = needed


def require_right(role: Role | None, right: Right) -> None:
    """Raises NotAllowed."""
    if role is None or not role.has(right):
        raise NotAllowed(right.value)
