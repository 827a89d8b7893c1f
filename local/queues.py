"""Message queues that follow the local clock: delays, visibility, redrive to a dead-letter queue; and those that are
first in, first out: by group, one batch of a group at a time, what is sent twice delivered once.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from local.clock import Clock
from local.state import State
from local.template import Queue

MAX_BODY_BYTES = 1024 * 1024
ONCE_MS = 300_000
"""For five minutes after a message another one of its deduplication id is taken for the same."""
_VISIBLE = """
    SELECT number, id, body, attributes, sent_at, coalesce(first_received_at, ?1), receives, place FROM messages AS seen
    WHERE queue = ?2 AND visible_at <= ?1"""
_IN_TIME = " ORDER BY visible_at, number LIMIT ?3"
_BY_GROUP = """ AND NOT EXISTS (
        SELECT 1 FROM messages AS held
        WHERE held.queue = ?2 AND held.place = seen.place AND held.receives > 0 AND held.visible_at > ?1)
    ORDER BY number LIMIT ?3"""
"""Of a FIFO queue: nothing of a group of which somebody has a message in hand."""


@dataclass(frozen=True, slots=True)
class Message:
    """A received message; `receipt` deletes it. Times in milliseconds. `group` is empty, except in FIFO queues."""

    id: str
    number: int
    group: str
    body: str
    attributes: Mapping[str, Any]
    sent_at: int
    first_received_at: int
    receives: int
    receipt: str


class Queues:
    """The queues of the template. `woken` is called with the name of a queue that may have something to be received."""

    def __init__(self, state: State, clock: Clock, queues: Mapping[str, Queue]) -> None:
        self._state = state
        self._clock = clock
        self.queues = queues
        self.woken: Callable[[str], None] = lambda _queue: None

    def send(
        self,
        queue: str,
        body: str,
        delay: int | None = None,
        attributes: Any = None,
        *,
        group: str = "",
        once: str = "",
    ) -> str:
        """Put a message into a queue, `delay` in seconds; answers its id. `group` and `once`, the deduplication id, are
        for FIFO queues.
        """
        now = self._clock.now_ms()
        seconds = self.queues[queue].delay if delay is None else delay
        message_id = str(uuid.uuid4())
        with self._state.transaction():
            if once and (known := self._sent_before(queue, once, now)):
                return known
            self._state.run(
                "INSERT INTO messages (queue, id, body, attributes, sent_at, visible_at, place)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                *(queue, message_id, body, json.dumps(attributes or {}), now, now + seconds * 1000, group or None),
            )
            if once:
                values = (queue, once, message_id, now + ONCE_MS)
                self._state.run("INSERT OR REPLACE INTO sent_once VALUES (?, ?, ?, ?)", *values)
        self.woken(queue)
        return message_id

    def receive(self, queue: str, limit: int, visibility: int | None = None) -> list[Message]:
        """Take up to `limit` messages, hiding them for `visibility` seconds (the queue's own unless given)."""
        if not self.has_visible(queue):
            return []
        spec = self.queues[queue]
        now = self._clock.now_ms()
        hidden_until = now + 1000 * (spec.visibility if visibility is None else visibility)
        with self._state.transaction():
            self._redrive(spec, now)
            rows = self._state.rows(_VISIBLE + (_BY_GROUP if spec.fifo else _IN_TIME), now, queue, limit)
            return [self._take(row, hidden_until) for row in rows]

    def delete(self, queue: str, receipt: str) -> bool:
        return self._state.run("DELETE FROM messages WHERE queue = ? AND receipt = ?", queue, receipt) > 0

    def change_visibility(self, queue: str, receipt: str, seconds: int) -> bool:
        """Hide a received message for so many seconds from now."""
        until = self._clock.now_ms() + seconds * 1000
        changed = self._state.run(
            "UPDATE messages SET visible_at = ? WHERE queue = ? AND receipt = ?", until, queue, receipt
        )
        self.woken(queue)
        return changed > 0

    def release(self, queues: Iterable[str]) -> None:
        """Make messages visible that were being processed when the process ended."""
        now = self._clock.now_ms()
        for queue in queues:
            self._state.run(
                "UPDATE messages SET visible_at = ? WHERE queue = ? AND receipt IS NOT NULL AND visible_at > ?",
                *(now, queue, now),
            )

    def purge(self, queue: str) -> None:
        self._state.run("DELETE FROM messages WHERE queue = ?", queue)

    def has_visible(self, queue: str) -> bool:
        query = "SELECT 1 FROM messages WHERE queue = ? AND visible_at <= ? LIMIT 1"
        return self._state.one(query, queue, self._clock.now_ms()) is not None

    def counts(self, queue: str) -> tuple[int, int, int]:
        """Numbers of messages: visible, being processed, delayed."""
        now = self._clock.now_ms()
        hidden = self._state.rows("SELECT receives FROM messages WHERE queue = ? AND visible_at > ?", queue, now)
        visible = self._state.one("SELECT count(*) FROM messages WHERE queue = ? AND visible_at <= ?", queue, now)
        handled = sum(1 for (receives,) in hidden if receives)
        return visible, handled, len(hidden) - handled

    def next_due(self, queues: Iterable[str], after: int) -> int | None:
        """When the next hidden message of these queues can be received."""
        query = "SELECT min(visible_at) FROM messages WHERE queue = ? AND visible_at > ?"
        found = [due for queue in queues if (due := self._state.one(query, queue, after)) is not None]
        return min(found, default=None)

    def _sent_before(self, queue: str, once: str, now: int) -> str | None:
        """The id of the message that was sent by this name, while it is remembered."""
        self._state.run("DELETE FROM sent_once WHERE until <= ?", now)
        found: str | None = self._state.one("SELECT id FROM sent_once WHERE queue = ? AND name = ?", queue, once)
        return found

    def _redrive(self, spec: Queue, now: int) -> None:
        if spec.max_receives is not None and spec.dead_letters is not None:
            self._state.run(
                "UPDATE messages SET queue = ?, receives = 0, receipt = NULL, visible_at = ?"
                " WHERE queue = ? AND visible_at <= ? AND receives >= ?",
                *(spec.dead_letters, now, spec.name, now, spec.max_receives),
            )

    def _take(self, row: tuple[Any, ...], hidden_until: int) -> Message:
        number, message_id, body, attributes, sent_at, first, receives, group = row
        receipt = uuid.uuid4().hex
        self._state.run(
            "UPDATE messages SET receives = receives + 1, receipt = ?, first_received_at = ?, visible_at = ?"
            " WHERE number = ?",
            *(receipt, first, hidden_until, number),
        )
        return Message(
            message_id, number, group or "", body, json.loads(attributes), sent_at, first, receives + 1, receipt
        )
