"""Drafts of lots among the small records: a group for each person, a member for each draft."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from starbid.services.ports import SellDraft
from starbid.storage.recorded import DAY, Recorded

DRAFT_SECONDS = 30 * DAY


class RecordedDrafts(Recorded):
    """Implements `ports.SellDrafts`."""

    def all(self, person_id: int, now: datetime) -> tuple[SellDraft, ...]:
        kept = [_draft_of(facts) for facts in self._records.members(_group(person_id), now).values()]
        kept = kept or self._moved(person_id, now)
        return tuple(sorted(kept, key=lambda draft: (draft.saved_at, draft.id), reverse=True))

    def one(self, person_id: int, draft_id: str, now: datetime) -> SellDraft | None:
        facts = self._records.member(_group(person_id), draft_id, now)
        return _draft_of(facts) if facts else None

    def keep(self, person_id: int, draft: SellDraft, now: datetime) -> None:
        self._records.put_member(_group(person_id), draft.id, _facts(draft), DRAFT_SECONDS, now)

    def exchange(self, person_id: int, known: SellDraft, draft: SellDraft, now: datetime) -> bool:
        place = (_group(person_id), known.id)
        return self._records.exchange_member(*place, _facts(known), _facts(draft), DRAFT_SECONDS, now)

    def drop(self, person_id: int, draft_id: str) -> None:
        self._records.drop_member(_group(person_id), draft_id)

    def _moved(self, person_id: int, now: datetime) -> list[SellDraft]:
        """The only draft that an earlier version kept, in its new place."""
        key = f"draft#{person_id}"
        facts = self._records.get(key, now)
        if facts is None:
            return []
        draft = _draft_of(facts)
        self.keep(person_id, draft, now)
        self._records.forget(key)
        return [draft]


def _group(person_id: int) -> str:
    return f"drafts#{person_id}"


def _facts(draft: SellDraft) -> dict[str, Any]:
    """Always in the same order: an exchange compares the text."""
    facts: dict[str, Any] = {
        "request_id": draft.request_id,
        "fields": dict(draft.fields),
        "pictures": list(draft.pictures),
        "uploads": list(draft.uploads),
        "saved_at": draft.saved_at.isoformat(),
    }
    rest = {"lot": draft.lot, "unseen": dict(draft.unseen), "card_version": draft.card_version}
    return facts | {name: value for name, value in rest.items() if value}


def _draft_of(facts: dict[str, Any]) -> SellDraft:
    return SellDraft(
        facts["request_id"],
        facts["fields"],
        tuple(facts["pictures"]),
        tuple(facts["uploads"]),
        datetime.fromisoformat(facts["saved_at"]).astimezone(UTC),
        facts.get("lot", ""),
        facts.get("unseen", {}),
        facts.get("card_version", 0),
    )
