"""The audit trail in DynamoDB: a row each, put once and never changed; indexes by time, person, admin and action."""

from __future__ import annotations

from starbid.domain.audit_trail import AuditEntry
from starbid.storage.codec import Item, encode
from starbid.storage.rows import at, ms
from starbid.storage.unit_parts import Parts


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
        "month": f"{entry.at:%Y-%m}",
        "order": f"{ms(entry.at):013}#{entry.id}",
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
