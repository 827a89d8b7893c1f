"""The sessions that people know of: where they are logged in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class KnownSession:
    """`id` names the browser that it is in, as long as nobody else logs in there; `nonce` and `issued_at` the session
    itself. `device`: in words, "" where it is unknown; `framed`: inside Telegram.
    """

    id: str
    nonce: str
    issued_at: datetime
    seen_at: datetime
    device: str
    framed: bool


class KnownSessions(Protocol):
    """A list for each person, forgotten 30 days after it was written last. Consistent."""

    def of(self, user_id: int, now: datetime) -> tuple[KnownSession, ...]: ...

    def exchange(
        self, user_id: int, known: Sequence[KnownSession], sessions: Sequence[KnownSession], now: datetime
    ) -> bool:
        """Keep these; False, and nothing changes, where others than the known ones are kept."""
