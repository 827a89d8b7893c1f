"""Addresses that wait for their confirmation, among the small records."""

from __future__ import annotations

from datetime import datetime

from starbid.services.ports import ASK_SECONDS, EmailAsk
from starbid.storage.recorded import Recorded


class RecordedEmailAsks(Recorded):
    """Implements `ports.EmailAsks`."""

    def find(self, person_id: int, now: datetime) -> EmailAsk | None:
        facts = self._records.get(_key(person_id), now)
        if facts is None:
            return None
        return EmailAsk(facts["id"], facts["address"], datetime.fromisoformat(facts["until"]))

    def keep(self, person_id: int, ask: EmailAsk, now: datetime) -> None:
        facts = {"id": ask.id, "address": ask.address, "until": ask.until.isoformat()}
        self._records.put(_key(person_id), facts, ASK_SECONDS, now)

    def drop(self, person_id: int) -> None:
        self._records.forget(_key(person_id))


def _key(person_id: int) -> str:
    return f"email-ask#{person_id}"
