"""Records of the operator's side in memory, as `starbid.services.ports.Desk` says; and what units do with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from starbid.domain.audit_trail import AuditEntry
from starbid.services.ports import DeskRow, Page, Refusal

from .memory_by_time import newest
from .memory_lists import ms, page_of
from .memory_tables import Tables

if TYPE_CHECKING:
    from .memory_store import FakeStore


_LAST = datetime(2200, 1, 1, tzinfo=UTC)


class FakeDesk:
    """Over the tables of a FakeStore, so that units write the same rows."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store

    def row(self, group: str, member: str, now: datetime) -> DeskRow | None:
        row = self._store.tables.desk.get((group, member))
        return row if row and _is_there(row, now) else None

    def rows(
        self, group: str, now: datetime, *, limit: int = 50, cursor: str | None = None, backward: bool = False
    ) -> Page[DeskRow]:
        found = [row for row in self._there(now) if row.group == group]
        return _page(found, lambda row: (row.member,), limit, cursor, backward)

    def listed(
        self, name: str, now: datetime, *, limit: int = 50, cursor: str | None = None, backward: bool = True
    ) -> Page[DeskRow]:
        found = [row for row in self._there(now) if row.listed and row.listed[0] == name]

        def order(row: DeskRow) -> tuple[Any, ...]:
            assert row.listed
            return (ms(row.listed[1]), row.group, row.member)

        return _page(found, order, limit, cursor, backward)

    def save(self, row: DeskRow) -> bool:
        with self._store._lock:
            if _refused(self._store.tables, row):
                return False
            self._store.tables.desk[row.group, row.member] = row
        return True

    def drop(self, group: str, member: str) -> None:
        with self._store._lock:
            self._store.tables.desk.pop((group, member), None)

    def _there(self, now: datetime) -> Iterable[DeskRow]:
        return [row for row in self._store.tables.desk.values() if _is_there(row, now)]


class FakeAuditTrail:
    """Implements `ports.AuditTrail` over the tables of a FakeStore."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store

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
        found = [
            entry
            for entry in list(self._store.tables.audit.values())
            if user_id in (None, entry.user_id)
            and admin_id in (None, entry.admin_id)
            and action in (None, entry.action)
        ]
        if until is None and (user_id, admin_id, action) == (None, None, None):
            raise ValueError("a list of all that was done needs an end")
        return newest(found, lambda entry: (entry.at, entry.id), since, until or _LAST, limit, cursor)

    def count(self, since: datetime | None, until: datetime, most: int) -> int:
        return len(self.entries(since=since, until=until, limit=most + 1).items)


class DeskVerbs:
    """A part of MemoryUnit."""

    checks: list[Callable[[Tables], Refusal | None]]
    writes: list[Callable[[Tables], None]]
    _create: Callable[..., None]
    _touch: Callable[..., None]

    def audit(self, entry: AuditEntry) -> None:
        self._create("audit", "audit", entry.id, entry)

    def save_row(self, row: DeskRow) -> None:
        self._touch("row", row.group, row.member)

        def check(tables: Tables) -> Refusal | None:
            there = tables.desk.get((row.group, row.member))
            return Refusal("row", f"{row.group}/{row.member}", there) if _refused(tables, row) else None

        self.checks.append(check)
        self.writes.append(lambda tables: tables.desk.__setitem__((row.group, row.member), row))


def _refused(tables: Tables, row: DeskRow) -> bool:
    there = tables.desk.get((row.group, row.member))
    return (there.version if there else 0) != row.version - 1


def _is_there(row: DeskRow, now: datetime) -> bool:
    return row.expires_at is None or now < row.expires_at


def _page(
    rows: list[DeskRow],
    order: Callable[[DeskRow], tuple[Any, ...]],
    limit: int,
    cursor: str | None,
    backward: bool,
) -> Page[DeskRow]:
    """By place in the whole list, so that going backward needs no other keys."""
    ordered = sorted(rows, key=order, reverse=backward)
    places = {(row.group, row.member): place for place, row in enumerate(ordered)}
    return page_of(ordered, lambda row: (places[row.group, row.member],), limit, cursor)
