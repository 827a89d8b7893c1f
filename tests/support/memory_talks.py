"""Conversations about deals in memory, as `starbid.services.ports.Talks` says; and what units do with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from starbid.domain.talks import Message, Talk
from starbid.services.ports import Refusal, Told

from .memory_tables import Tables

if TYPE_CHECKING:
    from .memory_store import FakeStore


class FakeTalks:
    """Over the tables of a FakeStore. Its calls are among the store's `trips`."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store
        self._told: dict[tuple[str, int], Told] = {}

    def talk(self, empty: Talk) -> Talk:
        with self._store.held("talk") as tables:
            return tables.talks.get(empty.id, empty)

    def number_of(self, talk_id: str, key: str) -> int | None:
        with self._store.held("talk key") as tables:
            return tables.talk_keys.get((talk_id, key))

    def message(self, talk_id: str, number: int, now: datetime) -> Message | None:
        with self._store.held("talk message") as tables:
            found = tables.talk_messages.get((talk_id, number))
        return found if found and now < found.kept_until else None

    def before(self, talk_id: str, number: int, limit: int, now: datetime) -> tuple[Message, ...]:
        found = [message for message in self._all(talk_id) if message.number < number]
        return tuple(message for message in found[::-1][:limit] if now < message.kept_until)

    def after(self, talk_id: str, number: int, limit: int, now: datetime) -> tuple[Message, ...]:
        found = [message for message in self._all(talk_id) if message.number > number]
        return tuple(message for message in found[:limit] if now < message.kept_until)

    def keep(self, talk_id: str, message: Message) -> bool:
        with self._store.held("keep talk message") as tables:
            if _version(tables, talk_id, message.number) != message.version - 1:
                return False
            tables.talk_messages[talk_id, message.number] = _stored(message)
            return True

    def told(self, talk_id: str, person_id: int) -> Told:
        with self._store.held("told"):
            return self._told.get((talk_id, person_id), Told())

    def keep_told(self, talk_id: str, person_id: int, told: Told, until: datetime) -> None:
        with self._store.held("keep told"):
            self._told[talk_id, person_id] = told

    def _all(self, talk_id: str) -> list[Message]:
        with self._store.held("talk messages") as tables:
            found = [message for (owner, _), message in tables.talk_messages.items() if owner == talk_id]
        return sorted(found, key=lambda message: message.number)


class TalkVerbs:
    """A part of MemoryUnit."""

    checks: list[Callable[[Tables], Refusal | None]]
    writes: list[Callable[[Tables], None]]
    _touch: Callable[..., None]

    def save_talk(self, talk: Talk) -> None:
        self._touch("talk", talk.id)

        def check(tables: Tables) -> Refusal | None:
            there = tables.talks.get(talk.id)
            return Refusal("talk", talk.id, there) if (there.version if there else 0) != talk.version - 1 else None

        self.checks.append(check)
        until = talk.kept_until.replace(microsecond=0) if talk.kept_until else None
        self.writes.append(lambda tables: tables.talks.__setitem__(talk.id, replace(talk, kept_until=until)))

    def save_talk_message(self, talk_id: str, message: Message) -> None:
        key = (talk_id, message.number)
        self._touch("talk_message", *key)

        def check(tables: Tables) -> Refusal | None:
            is_as_before = _version(tables, *key) == message.version - 1
            return None if is_as_before else Refusal("talk_message", f"{talk_id}#{message.number}")

        self.checks.append(check)
        self.writes.append(lambda tables: tables.talk_messages.__setitem__(key, _stored(message)))

    def keep_talk_key(self, talk_id: str, key: str, number: int, before: int | None, until: datetime) -> None:
        self._touch("talk_key", talk_id, key)

        def check(tables: Tables) -> Refusal | None:
            return None if tables.talk_keys.get((talk_id, key)) == before else Refusal("talk_key", key)

        self.checks.append(check)
        self.writes.append(lambda tables: tables.talk_keys.__setitem__((talk_id, key), number))


def _version(tables: Tables, talk_id: str, number: int) -> int:
    there = tables.talk_messages.get((talk_id, number))
    return there.version if there else 0


def _stored(message: Message) -> Message:
    """Its end to the second, as DynamoDB's TTL has it."""
    return replace(message, kept_until=message.kept_until.replace(microsecond=0))
