"""The people who chat with the bot in the stand-in."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from typing import Any

from local.telegram.errors import PageError
from local.telegram.store import Store

START_STARS = 10_000
MAX_STARS = 10**12
USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,31}")
LANGUAGES = ("en", "ru")


@dataclass(frozen=True)
class Person:
    """One person: `stars` are their own Telegram Stars, `reachable` says whether the bot may write to them."""

    id: int
    first_name: str
    username: str
    language_code: str
    stars: int
    blocked: bool
    started: bool
    reachable: bool
    seq: int

    def user(self) -> dict[str, Any]:
        """The person as a Bot API `User`."""
        user = {"id": self.id, "is_bot": False, "first_name": self.first_name, "language_code": self.language_code}
        return {**user, "username": self.username} if self.username else user

    def chat(self) -> dict[str, Any]:
        """The person's private chat as a Bot API `Chat`."""
        chat = {"id": self.id, "type": "private", "first_name": self.first_name}
        return {**chat, "username": self.username} if self.username else chat

    def card(self) -> dict[str, Any]:
        """The person as the page shows them."""
        return {
            "id": self.id,
            "first_name": self.first_name,
            "username": self.username,
            "language_code": self.language_code,
            "stars": self.stars,
            "blocked": self.blocked,
            "started": self.started,
        }


@dataclass(frozen=True)
class Group(Person):
    """A group, which what sends messages treats like a person; `chat` tells that it is none."""

    def chat(self) -> dict[str, Any]:
        """The group as a Bot API `Chat`: a forum."""
        return {"id": self.id, "type": "supergroup", "title": self.first_name, "is_forum": True}


def group_of(chat_id: int) -> Group:
    """Each id below zero is a group that the bot is in."""
    return Group(chat_id, "Admins", "", "en", 0, blocked=False, started=True, reachable=True, seq=0)


def is_group(chat_id: str) -> bool:
    """Whether a chat id is one of a group."""
    digits = chat_id.removeprefix("-")
    return chat_id != digits and digits.isascii() and digits.isdecimal() and int(digits[:18]) > 0 and len(digits) < 19


def _person(row: sqlite3.Row) -> Person:
    flags = {name: bool(row[name]) for name in ("blocked", "started", "reachable")}
    return Person(**{**{key: row[key] for key in row.keys()}, **flags})  # noqa: SIM118 (sqlite3.Row)


def _checked(first_name: str, username: str, language_code: str) -> tuple[str, str, str]:
    name, handle = first_name.strip(), username.strip().removeprefix("@")
    if not 1 <= len(name) <= 64:
        raise PageError(400, "A name has 1 to 64 characters.")
    if handle and not USERNAME.fullmatch(handle):
        raise PageError(400, "A username has 3 to 32 Latin letters, digits or _, and starts with a letter.")
    if language_code not in LANGUAGES:
        raise PageError(400, "The language is en or ru.")
    return name, handle, language_code


class People:
    """Everyone there is, by id."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, person_id: int) -> Person | None:
        """The person with this id, if there is one."""
        row = self._store.row("SELECT * FROM people WHERE id = ?", person_id)
        return _person(row) if row else None

    def get(self, person_id: int) -> Person:
        """The person with this id; `PageError` 404 without one."""
        person = self.find(person_id)
        if person is None:
            raise PageError(404, "There is no such person.")
        return person

    def all(self) -> list[Person]:
        """Everyone, in the order in which they came."""
        return [_person(row) for row in self._store.rows("SELECT * FROM people ORDER BY rowid")]

    def create(self, first_name: str, username: str, language_code: str) -> Person:
        """A new person who has not met the bot yet. Raises `PageError` for a bad or taken name."""
        with self._store.transaction():
            name, handle, language = _checked(first_name, username, language_code)
            self._refuse_taken(handle, but=None)
            person_id = self._store.count("person_id")
            while self.find(person_id):
                person_id = self._store.count("person_id")
            self._insert(person_id, name, handle, language, START_STARS, reachable=False)
            return self.get(person_id)

    def put(self, person_id: int, first_name: str, username: str, language_code: str, stars: int) -> Person:
        """A person with a known id, left alone if they are there already; the bot may write to them."""
        with self._store.transaction():
            existing = self.find(person_id)
            if existing:
                return existing
            name, handle, language = _checked(first_name, username, language_code)
            self._refuse_taken(handle, but=person_id)
            self._insert(person_id, name, handle, language, stars, reachable=True)
            return self.get(person_id)

    def _refuse_taken(self, username: str, but: int | None) -> None:
        taken = self._store.row("SELECT id FROM people WHERE username = ? COLLATE NOCASE", username)
        if username and taken and taken["id"] != but:
            raise PageError(409, f"@{username} is taken.")

    def _insert(self, person_id: int, name: str, handle: str, language: str, stars: int, *, reachable: bool) -> None:
        self._store.run(
            "INSERT INTO people (id, first_name, username, language_code, stars, reachable, seq)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            person_id,
            name,
            handle,
            language,
            stars,
            reachable,
            self._store.next_seq(),
        )

    def meet(self, person_id: int) -> None:
        """The person has written to the bot."""
        self._change("UPDATE people SET started = 1, reachable = 1 WHERE id = ?", person_id)

    def allow(self, person_id: int) -> None:
        """The person lets the bot write to them, as one does when logging in at its site."""
        self._change("UPDATE people SET reachable = 1 WHERE id = ?", person_id)

    def set_blocked(self, person_id: int, *, blocked: bool) -> None:
        """The person does not want to hear from the bot, or does again."""
        self._change("UPDATE people SET blocked = ? WHERE id = ?", blocked, person_id)

    def _change(self, sql: str, *values: Any) -> None:
        """Run an UPDATE whose last value is the person's id."""
        with self._store.transaction():
            self._store.run(sql, *values)
            self._touch(values[-1])

    def give_stars(self, person_id: int, amount: int) -> None:
        """Give the person Stars, up to a sane maximum."""
        self._change("UPDATE people SET stars = min(stars + ?, ?) WHERE id = ?", amount, MAX_STARS, person_id)

    def take_stars(self, person_id: int, amount: int) -> bool:
        """Take Stars if there are enough; whether there were."""
        with self._store.transaction():
            sql = "UPDATE people SET stars = stars - ? WHERE id = ? AND stars >= ?"
            taken = self._store.run(sql, amount, person_id, amount) == 1
            self._touch(person_id)
            return taken

    def _touch(self, person_id: int) -> None:
        self._store.run("UPDATE people SET seq = ? WHERE id = ?", self._store.next_seq(), person_id)
