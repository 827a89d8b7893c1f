"""The helper's accounts and questions in memory, as `starbid.services.ports` says; and what units do with them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from starbid.domain.assistant.account import Account, Pack
from starbid.domain.assistant.question import Question, is_question_id
from starbid.domain.errors import Invalid
from starbid.services.ports import Page, Refusal

from .failing import Failing
from .memory_lists import page_of
from .memory_tables import Tables

if TYPE_CHECKING:
    from .memory_store import FakeStore


class FakeQuestions(Failing):
    """Implements `ports.Questions` over the tables of a FakeStore, so that units write the same rows. A planted fault
    hits `save`.
    """

    def __init__(self, store: FakeStore) -> None:
        super().__init__()
        self._store = store

    def account(self, user_id: int) -> Account:
        return self._tables("account").accounts.get(user_id) or Account(user_id)

    def account_with(self, user_id: int, question_id: str) -> tuple[Account, Question | None]:
        tables = self._tables("account_with")
        return tables.accounts.get(user_id) or Account(user_id), tables.questions.get((user_id, question_id))

    def question(self, user_id: int, question_id: str) -> Question | None:
        return self._tables("question").questions.get((user_id, question_id))

    def asked(
        self, user_id: int, after: str, *, before: str = "", limit: int = 20, cursor: str | None = None
    ) -> Page[Question]:
        rows = list(self._tables("asked").questions.values())
        mine = [row for row in rows if row.user_id == user_id and after < row.id < (before or "~")]
        if cursor is not None and not is_question_id(cursor):
            raise Invalid("cursor", "choice")
        page = page_of(mine, lambda row: _newest_first(row.id), limit, _place(cursor) if cursor else None)
        return Page(page.items, page.items[-1].id if page.cursor else None)

    def save(self, before: Account, after: Account) -> bool:
        self._store.trips.append("save_account")
        with self._deed(), self._store._lock:
            if _refused(self._store.tables, before):
                return False
            self._store.tables.accounts[after.user_id] = after
        return True

    def drop_asked(self, user_id: int, up_to: str, limit: int) -> int:
        with self._deed(), self._store._lock:
            rows = self._store.tables.questions
            gone = sorted(key for key in rows if key[0] == user_id and key[1] < up_to)[:limit]
            for key in gone:
                del rows[key]
        return len(gone)

    def pack(self, user_id: int, pack_id: str) -> Pack | None:
        return self._tables("pack").used_packs.get((user_id, pack_id))

    def due_accounts(self, now: datetime, limit: int) -> list[int]:
        rows = list(self._tables("due_accounts").accounts.values())
        return [row.user_id for row in rows if row.due_at and row.due_at <= now][:limit]

    def _tables(self, name: str) -> Tables:
        with self._store.held(name) as tables:
            return tables


class AssistantVerbs:
    """A part of MemoryUnit."""

    checks: list[Callable[[Tables], Refusal | None]]
    writes: list[Callable[[Tables], None]]
    _create: Callable[..., None]
    _touch: Callable[..., None]

    def save_account(self, before: Account, after: Account) -> None:
        assert after.version == before.version + 1
        self._touch("account", after.user_id)

        def check(tables: Tables) -> Refusal | None:
            there = tables.accounts.get(after.user_id)
            return Refusal("account", str(after.user_id), there) if _refused(tables, before) else None

        self.checks.append(check)
        self._put("accounts", after.user_id, after)

    def add_question(self, question: Question) -> None:
        self._create("question", "questions", (question.user_id, question.id), question, question.id)

    def save_question(self, question: Question) -> None:
        key = (question.user_id, question.id)
        self._touch("question", question.id)
        self.checks.append(lambda tables: None if key in tables.questions else Refusal("question", question.id))
        self._put("questions", key, question)

    def drop_question(self, user_id: int, question_id: str) -> None:
        self._touch("question", question_id)

        def drop(tables: Tables) -> None:
            tables.questions.pop((user_id, question_id), None)

        self.writes.append(drop)

    def keep_pack(self, user_id: int, pack: Pack) -> None:
        self._touch("pack", pack.id)
        self._put("used_packs", (user_id, pack.id), pack)

    def _put(self, table: str, key: Any, item: Any) -> None:
        self.writes.append(lambda tables: getattr(tables, table).__setitem__(key, item))


def _refused(tables: Tables, before: Account) -> bool:
    there = tables.accounts.get(before.user_id)
    return (there.version if there else 0) != before.version


def _newest_first(question_id: str) -> tuple[int, ...]:
    return tuple(-ord(character) for character in question_id)


def _place(cursor: str) -> str:
    return json.dumps(_newest_first(cursor))
