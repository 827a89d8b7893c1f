"""What the operator's side needs from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from starbid.domain.audit_trail import AuditEntry
from starbid.services.ports.pages import Page


class DeskWork(Protocol):
    """The queue of long work."""

    def ask(self, job: str, facts: Mapping[str, Any], seconds: int = 0) -> None:
        """One step of a job, in `seconds` (900 at most) or as soon as possible. Raises Unavailable."""


class AuditTrail(Protocol):
    """What operators did, newest first. Entries are written by `Unit.audit` alone."""

    def entries(
        self,
        *,
        user_id: int | None = None,
        admin_id: int | None = None,
        action: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[AuditEntry]:
        """Those on a person, by an admin, of an action (the first that is given is looked up, the others filter), from
        `since` on and before `until`, which a list of all needs; a moment behind.

        It asks a bounded number of times, so a short page, even an empty one, may have a cursor. Raises Invalid for a
        cursor that is none.
        """

    def count(self, since: datetime | None, until: datetime, most: int) -> int:
        """How many there are of all; it stops counting where it is more than `most`."""


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A record of the operator's side: the `member` of a `group`. `facts` are texts, numbers, lists and maps.

    `listed` puts it into a list by name, at a moment (`Desk.listed`). `expires_at`: gone from then on. `version` is 1
    for a new one, and one more with each change.
    """

    group: str
    member: str
    facts: Mapping[str, Any]
    version: int = 1
    listed: tuple[str, datetime] | None = None
    expires_at: datetime | None = None


class Desk(Protocol):
    """What operators work with: tickets, reports, notes, exports, broadcasts, saved views. Written here or, together
    with something else, by `Unit.save_row`. What has expired is not there, whether DynamoDB has deleted it or not.
    """

    def row(self, group: str, member: str, now: datetime) -> DeskRow | None:
        """Consistent."""

    def rows(
        self, group: str, now: datetime, *, limit: int = 50, cursor: str | None = None, backward: bool = False
    ) -> Page[DeskRow]:
        """Of a group, by member. Consistent. Raises Invalid for a cursor of another list."""

    def listed(
        self, name: str, now: datetime, *, limit: int = 50, cursor: str | None = None, backward: bool = True
    ) -> Page[DeskRow]:
        """Of a list, the newest first; a moment behind. Raises Invalid for a cursor of another list."""

    def save(self, row: DeskRow) -> bool:
        """Puts a row of version 1 where there is none, or replaces the one of the version before; False otherwise."""

    def drop(self, group: str, member: str) -> None:
        """Safe to repeat."""
