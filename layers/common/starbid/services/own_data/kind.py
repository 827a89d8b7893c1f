"""A kind of data about a person: one class that can both export and erase it, so that neither forgets a table."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from starbid.domain.money import Money
from starbid.services.ports import Page

AT_ONCE = 100
"""Things that are read, or erased, in one step."""
Entry = Mapping[str, Any]
"""One thing in plain JSON: times in ISO 8601 UTC, money as `{"amount": minor units, "currency": its code}`."""


class Why(StrEnum):
    """Why something stays when its person leaves."""

    BOOKS = "books"
    """Movements of money, and what they were for: the books have to tell them, without a name."""
    OTHERS = "others"
    """The other side of a deal relies on it; it is erased by itself when its time is over."""
    SAFETY = "safety"
    """What happened, by number and without words of the person, for 400 days."""


class Kind(ABC):
    """`key` is its place in the file; `families` are the tables and groups of records that it answers for."""

    key: ClassVar[str]
    families: ClassVar[tuple[str, ...]]

    @abstractmethod
    def read(self, user_id: int, cursor: str | None, now: datetime) -> Page[Entry]:
        """Some of it, in plain JSON, and where to go on. A short page may have a cursor."""


class Erased(Kind):
    """What goes when its person leaves."""

    @abstractmethod
    def erase(self, user_id: int, now: datetime) -> bool:
        """Erase some of it; False where there is more. Safe to repeat. Raises Contended, Conflict."""


class Kept(Kind):
    """What stays, without the name of its person."""

    why: ClassVar[Why]


def entry(**facts: Any) -> Entry:
    """In plain JSON; what is None is left out."""
    return {name: plain(value) for name, value in facts.items() if value is not None}


def plain(value: Any) -> Any:
    """Money, times, mappings and lists as JSON has them; numbers and texts as they are."""
    match value:
        case Money():
            return {"amount": value.amount, "currency": value.currency}
        case datetime():
            return value.isoformat()
        case StrEnum():
            return value.value
        case str() | int() | None:
            return value
        case Mapping():
            return {str(name): plain(each) for name, each in value.items()}
        case set() | frozenset():
            return sorted(plain(each) for each in value)
        case Iterable():
            return [plain(each) for each in value]
    raise TypeError(f"no plain form of {type(value).__name__}")


def whole(entries: Iterable[Entry]) -> Page[Entry]:
    """All of a short list."""
    return Page(tuple(entries), None)
