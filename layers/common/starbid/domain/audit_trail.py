"""The record of what operators did: append-only, and kept (spec, section 9). Nobody changes an entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starbid.domain.errors import Invalid
from starbid.domain.roles import Right, Role, require_right
from starbid.domain.texts import read_text

REASON_LENGTH = 500
KEY_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Operator:
    """Who acts, with the role that they have now. `address` is where the request came from; empty for the chat."""

    id: int
    role: Role
    address: str = ""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what, on whom, before, after, why, when, from which address.

    `user_id` is the person it touches, `subject` what else (`lot/<id>`, `charge/<id>`, `ticket/<id>`). `before` and
    `after` are short facts in English, the same for all readers, with amounts as `amount_coded` writes them. Never in
    them: private texts, secrets, addresses of people, amounts of sealed bids of live lots.
    """

    id: str
    at: datetime
    admin_id: int
    action: str
    user_id: int | None = None
    subject: str = ""
    before: str = ""
    after: str = ""
    reason: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What an operator has decided, once: `key` is the same however often it is sent. Made by `decided`."""

    by: Operator
    reason: str
    key: str
    at: datetime

    def require(self, right: Right) -> None:
        """Raises NotAllowed."""
        require_right(self.by.role, right)

    def entry(
        self, action: str, *, user_id: int | None = None, subject: str = "", before: str = "", after: str = ""
    ) -> AuditEntry:
        """Its entry, for the unit that carries it out: the second commit of one key fails, blaming `audit`."""
        return AuditEntry(
            id=f"{action}:{user_id or ''}:{subject}:{self.key}",
            at=self.at,
            admin_id=self.by.id,
            action=action,
            user_id=user_id,
            subject=subject,
            before=before,
            after=after,
            reason=self.reason,
            address=self.by.address,
        )


def decided(by: Operator, reason: str, key: str, at: datetime, *, needs_reason: bool = True) -> Decision:
    """Raises Invalid for a reason that shows nothing where one is needed, is too long or no plain text, and for a key
    that is too long.
    """
    reason = read_text("reason", reason, 0, REASON_LENGTH)
    if needs_reason and not reason:
        raise Invalid("reason", "required")
    if not key or len(key) > KEY_LENGTH:
        raise Invalid("request_id", "choice")
    return Decision(by, reason, key, at)
