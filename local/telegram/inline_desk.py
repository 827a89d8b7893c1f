"""Inline queries that wait for the bot's answer, and messages that it prepared. Nothing of it survives a restart."""

from __future__ import annotations

import secrets
import threading
import uuid
from dataclasses import dataclass
from time import monotonic
from typing import Any

ANSWER_SECONDS = 15.0
"""How long a query may be answered."""
CHOICE_SECONDS = 600.0
"""How long a result may be chosen."""
PREPARED_SECONDS = 600


@dataclass(frozen=True)
class Offered:
    """What one answer offers a person: `results` by id, and the answer as the page shows it."""

    person_id: int
    results: dict[str, Any]
    shown: dict[str, Any]


@dataclass(frozen=True)
class Prepared:
    """A message that one person may send, to the kinds of chats (`user`, `bot`, `group`) that are allowed."""

    person_id: int
    result: Any
    chats: frozenset[str]


class InlineDesk:
    """Of all people."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._asked: dict[str, tuple[int, float]] = {}
        self._offered: dict[str, tuple[Offered, float]] = {}
        self._prepared: dict[str, tuple[Prepared, float]] = {}

    def ask(self, person_id: int) -> str:
        """A query of this person; its id."""
        query_id = str(uuid.uuid4().int)[:19]
        with self._changed:
            self._forget()
            self._asked[query_id] = (person_id, monotonic())
        return query_id

    def answer(self, query_id: str, results: dict[str, Any], shown: dict[str, Any]) -> bool:
        """The bot's answer, of which the last one counts; False where the query is not known or too old."""
        with self._changed:
            person_id, at = self._asked.get(query_id, (0, -ANSWER_SECONDS))
            if monotonic() - at >= ANSWER_SECONDS:
                return False
            self._offered[query_id] = (Offered(person_id, results, shown), monotonic())
            self._changed.notify_all()
        return True

    def wait(self, query_id: str, seconds: float) -> Offered | None:
        """The answer, once it is there; None where it does not come in time."""
        with self._changed:
            self._changed.wait_for(lambda: query_id in self._offered, seconds)
        return self.offered(query_id)

    def offered(self, query_id: str) -> Offered | None:
        with self._changed:
            self._forget()
            found = self._offered.get(query_id)
        return found[0] if found else None

    def prepare(self, prepared: Prepared) -> str:
        """Keep a message; its id."""
        message_id = secrets.token_urlsafe(12)
        with self._changed:
            self._forget()
            self._prepared[message_id] = (prepared, monotonic())
        return message_id

    def prepared(self, message_id: str) -> Prepared | None:
        """None where it is not known or expired."""
        with self._changed:
            self._forget()
            found = self._prepared.get(message_id)
        return found[0] if found else None

    def _forget(self) -> None:
        now = monotonic()
        self._asked = {key: one for key, one in self._asked.items() if now - one[1] < ANSWER_SECONDS}
        self._offered = {key: one for key, one in self._offered.items() if now - one[1] < CHOICE_SECONDS}
        self._prepared = {key: one for key, one in self._prepared.items() if now - one[1] < PREPARED_SECONDS}
