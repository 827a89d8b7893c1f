"""The stand-in's storage: one SQLite file, safe for threads, surviving a kill -9."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local.database import open_database

SCHEMA = """
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS people (
    id INTEGER PRIMARY KEY, first_name TEXT NOT NULL, username TEXT NOT NULL, language_code TEXT NOT NULL,
    stars INTEGER NOT NULL CHECK (stars >= 0), blocked INTEGER NOT NULL DEFAULT 0,
    started INTEGER NOT NULL DEFAULT 0, reachable INTEGER NOT NULL DEFAULT 0, seq INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS messages (
    chat_id INTEGER NOT NULL, message_id INTEGER NOT NULL, seq INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL, extra TEXT NOT NULL, PRIMARY KEY (chat_id, message_id));
CREATE INDEX IF NOT EXISTS messages_by_seq ON messages (chat_id, seq);
CREATE TABLE IF NOT EXISTS venues (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, is_forum INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL DEFAULT 'left', may_post INTEGER NOT NULL DEFAULT 1, moved_to INTEGER NOT NULL DEFAULT 0,
    people TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS updates (
    update_id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, created REAL NOT NULL);
CREATE INDEX IF NOT EXISTS updates_by_person ON updates (person_id, update_id);
CREATE TABLE IF NOT EXISTS files (
    file_id TEXT PRIMARY KEY, unique_id TEXT NOT NULL, path TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    mime TEXT NOT NULL, size INTEGER NOT NULL, width INTEGER, height INTEGER);
CREATE TABLE IF NOT EXISTS presses (
    id TEXT PRIMARY KEY, person_id INTEGER NOT NULL, message_id INTEGER NOT NULL, created REAL NOT NULL,
    answer TEXT, seq INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS presses_by_seq ON presses (person_id, seq);
CREATE TABLE IF NOT EXISTS invoices (
    slug TEXT PRIMARY KEY, body TEXT NOT NULL, chat_id INTEGER, message_id INTEGER, paid INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS checkouts (
    id TEXT PRIMARY KEY, person_id INTEGER NOT NULL, slug TEXT NOT NULL, status TEXT NOT NULL, error TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS charges (
    charge_id TEXT PRIMARY KEY, provider_id TEXT NOT NULL, person_id INTEGER NOT NULL, title TEXT NOT NULL,
    currency TEXT NOT NULL, amount INTEGER NOT NULL, payload TEXT NOT NULL, date INTEGER NOT NULL,
    refunded INTEGER, subscription TEXT);
CREATE TABLE IF NOT EXISTS gifts (
    id TEXT PRIMARY KEY, person_id INTEGER NOT NULL, months INTEGER NOT NULL, amount INTEGER NOT NULL,
    date INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS subscriptions (
    id TEXT PRIMARY KEY, person_id INTEGER NOT NULL, slug TEXT NOT NULL, expires INTEGER NOT NULL,
    canceled_by_person INTEGER NOT NULL DEFAULT 0, canceled_by_bot INTEGER NOT NULL DEFAULT 0,
    ended INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS connections (
    id TEXT PRIMARY KEY, person_id INTEGER NOT NULL, enabled INTEGER NOT NULL, views_stars INTEGER NOT NULL,
    date INTEGER NOT NULL);
"""

FIRST_VALUES = {"update_id": 700_000_000, "person_id": 500_000_000}


class Store:
    """One connection behind one lock: simple, and quick enough for people clicking."""

    def __init__(self, path: Path) -> None:
        """Raises DamagedDatabase."""
        self.lock = threading.RLock()
        self._depth = 0
        self._db = open_database(path, SCHEMA, "people")
        self._db.row_factory = sqlite3.Row

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; may be entered again by the same thread, then the outermost commits."""
        with self.lock:
            if self._depth == 0:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._db.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._db.execute("COMMIT")

    def run(self, sql: str, *values: Any) -> int:
        """Run a statement; how many rows it touched."""
        with self.lock:
            return self._db.execute(sql, values).rowcount

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """All rows of a query."""
        with self.lock:
            return self._db.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """The first row of a query, if there is one."""
        with self.lock:
            found: sqlite3.Row | None = self._db.execute(sql, values).fetchone()
            return found

    def count(self, name: str) -> int:
        """The next number of a counter that never gives a number twice, restarts included."""
        first = FIRST_VALUES.get(name, 0) + 1
        with self.transaction():
            self.run(
                "INSERT INTO counters VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + 1",
                name,
                first,
            )
            return self.counted(name)

    def counted(self, name: str) -> int:
        """The last number a counter gave, 0 if it gave none."""
        found = self.row("SELECT value FROM counters WHERE name = ?", name)
        return int(found["value"]) if found else 0

    def next_seq(self) -> int:
        """A new number for a change; a page asks for everything after the last number it saw."""
        return self.count("seq")

    def setting(self, name: str) -> str | None:
        """A stored setting of the bot, such as its list of commands."""
        found = self.row("SELECT value FROM settings WHERE name = ?", name)
        return str(found["value"]) if found else None

    def put_setting(self, name: str, value: str) -> None:
        """Keep a setting of the bot."""
        self.run("INSERT OR REPLACE INTO settings VALUES (?, ?)", name, value)

    def drop_setting(self, name: str) -> None:
        """Forget a setting of the bot."""
        self.run("DELETE FROM settings WHERE name = ?", name)
