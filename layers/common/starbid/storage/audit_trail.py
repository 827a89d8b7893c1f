"""The audit trail in DynamoDB: a row each, put once and never changed; indexes by time, person, admin and action."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from starbid.domain.audit_trail import AuditEntry
from starbid.services.ports import Page
from starbid.storage import monthly
from starbid.storage.clients import client
from starbid.storage.codec import Item, encode
from starbid.storage.reading import Reader
from starbid.storage.rows import at, month_of, ms, order_of
from starbid.storage.unit_parts import Parts

READS = 4
"""Pieces of an index that one page looks through for what is asked besides."""
_LAST = "9" * 13
_BY_TIME = monthly.Place("by_time", sharded=False)


class DynamoAuditTrail:
    """Implements `ports.AuditTrail`."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        self._reader = Reader(client("dynamodb"), tables)

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
        asked = {"user_id": user_id, "admin_id": admin_id, "action": action}
        wanted = {name: value for name, value in asked.items() if value is not None}
        if not wanted:
            if until is None:
                raise ValueError("a list of all that was done needs an end")
            items, following = monthly.newest(self._reader, "audit", since, until, limit, cursor, place=_BY_TIME)
            return Page(tuple(map(audit_from, items)), following)
        low = monthly.bound(since) if since else ""
        high = monthly.read_end(monthly.bound(until) if until else _LAST, cursor)
        (name, value), *others = wanted.items()

        def fits(item: Item) -> bool:
            return all(item.get(other) == asked_for for other, asked_for in others)

        return self._of({name: value}, low, high, limit, fits)

    def count(self, since: datetime | None, until: datetime, most: int) -> int:
        return monthly.count(self._reader, "audit", since, until, most, place=_BY_TIME)

    def _of(self, key: Item, low: str, high: str, limit: int, fits: Callable[[Item], bool]) -> Page[AuditEntry]:
        index = {"user_id": "by_person", "admin_id": "by_admin", "action": "by_action"}[next(iter(key))]
        found = list[AuditEntry]()
        for _ in range(READS):
            if high <= low:
                return Page(tuple(found))
            items, is_whole = monthly.piece(self._reader, "audit", key, index, low or "0", high, limit)
            for item in items:
                high = item["order"]
                if fits(item):
                    found.append(audit_from(item))
                if len(found) == limit:
                    return Page(tuple(found), monthly.write_end(high))
            if is_whole:
                return Page(tuple(found))
        return Page(tuple(found), monthly.write_end(high))


class AuditVerbs(Parts):
    """The part of `ports.Unit` about the audit trail."""

    def audit(self, entry: AuditEntry) -> None:
        action = {"Item": encode(audit_item(entry))}
        absent = "attribute_not_exists(audit_id)"
        self._add("audit", entry.id, "audit", "Put", action, absent, {}, audit_from)


def audit_item(entry: AuditEntry) -> Item:
    """Empty texts are left out: DynamoDB refuses them as keys, and they say nothing elsewhere."""
    return {
        "audit_id": entry.id,
        "month": month_of(entry.at),
        "order": order_of(entry.at, entry.id),
        "at": ms(entry.at),
        "admin_id": entry.admin_id,
        "action": entry.action,
        "user_id": entry.user_id,
        "subject": entry.subject or None,
        "before": entry.before or None,
        "after": entry.after or None,
        "reason": entry.reason or None,
        "address": entry.address or None,
    }


def audit_from(item: Item) -> AuditEntry:
    return AuditEntry(
        id=item["audit_id"],
        at=at(item["at"]),
        admin_id=item["admin_id"],
        action=item["action"],
        user_id=item.get("user_id"),
        subject=item.get("subject", ""),
        before=item.get("before", ""),
        after=item.get("after", ""),
        reason=item.get("reason", ""),
        address=item.get("address", ""),
    )
