"""The messages of all chats, kept as the Bot API shows them, with a little of what only the page needs."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from local.telegram.store import Store

PAGE_OF_HISTORY = 200


@dataclass(frozen=True)
class Message:
    """`body` is the Bot API `Message`; `extra` holds what bots are not told (invoice, reply keyboard)."""

    chat_id: int
    message_id: int
    seq: int
    deleted: bool
    body: dict[str, Any]
    extra: dict[str, Any]

    @property
    def from_bot(self) -> bool:
        """Whether the bot wrote it."""
        author = self.body.get("from")  # a post of a channel has none
        return author is None or bool(author["is_bot"])

    def card(self) -> dict[str, Any]:
        """The message as the page gets it: the Bot API's fields and `extra`."""
        return {**self.body, "extra": self.extra}


def _message(row: sqlite3.Row) -> Message:
    return Message(
        chat_id=row["chat_id"],
        message_id=row["message_id"],
        seq=row["seq"],
        deleted=bool(row["deleted"]),
        body=json.loads(row["body"]),
        extra=json.loads(row["extra"]),
    )


class Messages:
    """Messages by chat and number; numbers rise over all chats, as a bot sees them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, chat_id: int, body: dict[str, Any], extra: dict[str, Any] | None = None) -> dict[str, Any]:
        """Number and keep a message; the numbered body."""
        with self._store.transaction():
            numbered = {"message_id": self._store.count("message_id"), **body}
            self._store.run(
                "INSERT INTO messages (chat_id, message_id, seq, body, extra) VALUES (?, ?, ?, ?, ?)",
                chat_id,
                numbered["message_id"],
                self._store.next_seq(),
                json.dumps(numbered),
                json.dumps(extra or {}),
            )
            return numbered

    def find(self, chat_id: int, message_id: int) -> Message | None:
        """The message, unless it was deleted or never was."""
        sql = "SELECT * FROM messages WHERE chat_id = ? AND message_id = ? AND deleted = 0"
        row = self._store.row(sql, chat_id, message_id)
        return _message(row) if row else None

    def replace(self, message: Message, body: dict[str, Any], extra: dict[str, Any] | None = None) -> None:
        """Put a new body (and extra) in the place of the old."""
        with self._store.transaction():
            self._store.run(
                "UPDATE messages SET body = ?, extra = ?, seq = ? WHERE chat_id = ? AND message_id = ?",
                json.dumps(body),
                json.dumps(message.extra if extra is None else extra),
                self._store.next_seq(),
                message.chat_id,
                message.message_id,
            )

    def delete(self, message: Message) -> None:
        """Take a message out of the chat for everyone."""
        with self._store.transaction():
            self._store.run(
                "UPDATE messages SET deleted = 1, seq = ? WHERE chat_id = ? AND message_id = ?",
                self._store.next_seq(),
                message.chat_id,
                message.message_id,
            )

    def changed(self, chat_id: int, since: int) -> list[Message]:
        """What was written, edited or deleted after the change `since`; for 0 the end of the history."""
        if since > 0:
            sql = "SELECT * FROM messages WHERE chat_id = ? AND seq > ? ORDER BY message_id"
            return [_message(row) for row in self._store.rows(sql, chat_id, since)]
        sql = "SELECT * FROM messages WHERE chat_id = ? AND deleted = 0 ORDER BY message_id DESC LIMIT ?"
        return [_message(row) for row in reversed(self._store.rows(sql, chat_id, PAGE_OF_HISTORY))]

    def last(self, chat_id: int) -> Message | None:
        """The newest message of a chat."""
        sql = "SELECT * FROM messages WHERE chat_id = ? AND deleted = 0 ORDER BY message_id DESC LIMIT 1"
        row = self._store.row(sql, chat_id)
        return _message(row) if row else None
