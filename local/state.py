"""The local run's own state: one SQLite file, complete after a crash at any moment."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local.database import open_database

_SCHEMA = """
CREATE TABLE IF NOT EXISTS notes (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS schedules (
    place TEXT NOT NULL, name TEXT NOT NULL, due_at INTEGER, body TEXT NOT NULL, PRIMARY KEY (place, name));
CREATE INDEX IF NOT EXISTS schedules_due ON schedules (due_at);
CREATE TABLE IF NOT EXISTS invocations (
    id INTEGER PRIMARY KEY AUTOINCREMENT, function TEXT NOT NULL, event TEXT NOT NULL, due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS messages (
    number INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
    attributes TEXT NOT NULL, sent_at INTEGER NOT NULL, visible_at INTEGER NOT NULL,
    receives INTEGER NOT NULL DEFAULT 0, first_received_at INTEGER, receipt TEXT, place TEXT);
CREATE INDEX IF NOT EXISTS messages_due ON messages (queue, visible_at);
CREATE TABLE IF NOT EXISTS sent_once (
    queue TEXT NOT NULL, name TEXT NOT NULL, id TEXT NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (queue, name));
CREATE TABLE IF NOT EXISTS bills (
    number INTEGER PRIMARY KEY AUTOINCREMENT, provider TEXT NOT NULL, order_id TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS mails (
    number INTEGER PRIMARY KEY AUTOINCREMENT, sent_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS bills_by_order ON bills (provider, order_id);
"""


class State:
    """A small database shared by threads, locked for each statement or `transaction`. `None` stores nothing."""

    def __init__(self, path: Path | None) -> None:
        """Raises DamagedDatabase."""
        self._lock = threading.RLock()
        self._db = open_database(path, _SCHEMA, "notes")
        if "place" not in {column[1] for column in self._db.execute("PRAGMA table_info(messages)")}:  # of an older run
            self._db.execute("ALTER TABLE messages ADD COLUMN place TEXT")

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All statements within, or none of them."""
        with self._lock:
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def run(self, statement: str, *values: Any) -> int:
        """Execute a statement that changes something; how many rows it changed."""
        with self._lock:
            return self._db.execute(statement, values).rowcount

    def rows(self, query: str, *values: Any) -> Sequence[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(query, values).fetchall()

    def one(self, query: str, *values: Any) -> Any:
        """The first column of the first row, None where there is no row."""
        rows = self.rows(query, *values)
        return rows[0][0] if rows else None

    def note(self, key: str) -> str | None:
        """A remembered text."""
        value = self.one("SELECT value FROM notes WHERE key = ?", key)
        return None if value is None else str(value)

    def set_note(self, key: str, value: str) -> None:
        self.run("INSERT OR REPLACE INTO notes VALUES (?, ?)", key, value)
