"""Where people are logged in, among the small records: a list for each person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from starbid.domain.sessions import LIFETIME
from starbid.services.ports import KnownSession
from starbid.storage.recorded import Recorded

_MEMBER = "all"


class RecordedSessions(Recorded):
    """Implements `ports.KnownSessions`."""

    def of(self, user_id: int, now: datetime) -> tuple[KnownSession, ...]:
        facts = self._records.member(_group(user_id), _MEMBER, now)
        return tuple(map(_session, facts["sessions"])) if facts else ()

    def exchange(
        self, user_id: int, known: Sequence[KnownSession], sessions: Sequence[KnownSession], now: datetime
    ) -> bool:
        place, seconds = (_group(user_id), _MEMBER), int(LIFETIME.total_seconds())
        if not known:  # of two first logins at once the later one is listed when it is seen again
            self._records.put_member(*place, _facts(sessions), seconds, now)
            return True
        return self._records.exchange_member(*place, _facts(known), _facts(sessions), seconds, now)


def _group(user_id: int) -> str:
    return f"sessions#{user_id}"


def _facts(sessions: Sequence[KnownSession]) -> dict[str, Any]:
    """Always in the same order: an exchange compares the text."""
    return {
        "sessions": [
            {
                "id": session.id,
                "nonce": session.nonce,
                "issued_at": session.issued_at.isoformat(),
                "seen_at": session.seen_at.isoformat(),
                "device": session.device,
                "framed": session.framed,
            }
            for session in sessions
        ]
    }


def _session(facts: dict[str, Any]) -> KnownSession:
    issued_at, seen_at = (datetime.fromisoformat(facts[name]).astimezone(UTC) for name in ("issued_at", "seen_at"))
    return KnownSession(facts["id"], facts["nonce"], issued_at, seen_at, facts["device"], facts["framed"])
