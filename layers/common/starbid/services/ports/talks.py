"""What the two sides of a deal write to each other. Units write it (`Unit.save_talk` and what follows it)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from starbid.domain.talks import Message, Talk


@dataclass(frozen=True, slots=True)
class Told:
    """How far a side was told: all messages up to `number`, and the photos of those up to `photos`. `version` 0: of
    none so far.
    """

    number: int = 0
    photos: int = 0
    version: int = 0


class Talks(Protocol):
    """Reads are consistent. What is over is told to nobody, whether or not it has been erased."""

    def talk(self, empty: Talk) -> Talk:
        """The conversation of a deal; `empty` where nobody has written."""

    def number_of(self, talk_id: str, key: str) -> int | None:
        """The message that was kept under this key."""

    def message(self, talk_id: str, number: int, now: datetime) -> Message | None: ...

    def before(self, talk_id: str, number: int, limit: int, now: datetime) -> tuple[Message, ...]:
        """Those of smaller numbers, the newest first."""

    def after(self, talk_id: str, number: int, limit: int, now: datetime) -> tuple[Message, ...]:
        """Those of greater numbers, the oldest first."""

    def keep(self, talk_id: str, message: Message) -> bool:
        """A message that was changed; False where it is not what it was changed from."""

    def told(self, talk_id: str, person_id: int) -> Told: ...

    def keep_told(self, talk_id: str, person_id: int, told: Told, until: datetime) -> None:
        """In the place of what is there: one process at a time tells a side."""
