"""Presses of inline buttons, waiting for the bot's answer."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

from local.telegram.store import Store

ANSWER_SECONDS = 150.0


class Presses:
    """Callback queries by id; an answer is accepted for 150 seconds and shown to the page once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, person_id: int, message_id: int) -> str:
        """A button was pressed; the id of the query."""
        query_id = str(uuid.uuid4().int)[:19]
        with self._store.transaction():
            sql = "INSERT INTO presses (id, person_id, message_id, created, seq) VALUES (?, ?, ?, ?, 0)"
            self._store.run(sql, query_id, person_id, message_id, time.time())
            self._store.run("DELETE FROM presses WHERE created < ?", time.time() - 86_400.0)
        return query_id

    def answer(self, query_id: str, answer: dict[str, Any]) -> bool:
        """Keep the bot's first answer; whether the query is known and young enough."""
        with self._store.transaction():
            row = self._store.row("SELECT created, answer FROM presses WHERE id = ?", query_id)
            if row is None or time.time() - row["created"] > ANSWER_SECONDS:
                return False
            if row["answer"] is None:
                sql = "UPDATE presses SET answer = ?, seq = ? WHERE id = ?"
                self._store.run(sql, json.dumps(answer), self._store.next_seq(), query_id)
            return True

    def answered(self, person_id: int, since: int) -> list[dict[str, Any]]:
        """The answers given after the change `since`; none for 0, which is a page that was just opened."""
        if since <= 0:
            return []
        sql = "SELECT id, message_id, answer FROM presses WHERE person_id = ? AND seq > ? ORDER BY seq"
        rows = self._store.rows(sql, person_id, since)
        return [{"id": row["id"], "message_id": row["message_id"], **json.loads(row["answer"])} for row in rows]
