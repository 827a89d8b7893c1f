"""What a seller has sent to the bot and not handed over yet, among the small records: a member for each message."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starbid.domain.delivered_files import DeliveredFile, FileKind, Part
from starbid.storage.recorded import DAY, Recorded


class RecordedParts(Recorded):
    """Implements `ports.PartsAside`."""

    def keep(self, person_id: int, auction_id: str, number: int, part: Part, now: datetime) -> None:
        self._records.put_member(_group(person_id, auction_id), str(number), _facts(part), DAY, now)

    def of(self, person_id: int, auction_id: str, now: datetime) -> dict[int, Part]:
        kept = self._records.members(_group(person_id, auction_id), now)
        return {int(number): _part(facts) for number, facts in kept.items()}

    def drop(self, person_id: int, auction_id: str, now: datetime) -> None:
        group = _group(person_id, auction_id)
        for number in self._records.members(group, now):
            self._records.drop_member(group, number)


def _group(person_id: int, auction_id: str) -> str:
    return f"parcel#{person_id}#{auction_id}"


def _facts(part: Part) -> dict[str, Any]:
    file = part.file
    told = [file.file_id, file.kind.value, file.name, file.type, file.size] if file else None
    return {"file": told, "text": part.text}


def _part(facts: dict[str, Any]) -> Part:
    if facts["file"] is None:
        return Part(None, facts["text"])
    file_id, kind, name, type_, size = facts["file"]
    return Part(DeliveredFile(file_id, FileKind(kind), name, type_, size), facts["text"])
