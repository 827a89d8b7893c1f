"""Where the helper's questions are kept, how they reach its worker, and how an answer reaches its person."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from starbid.domain.assistant.account import Account, Pack
from starbid.domain.assistant.formatted import Formatted
from starbid.domain.assistant.question import Question
from starbid.services.ports.pages import Page


class Questions(Protocol):
    """Accounts and questions; together with something else they are written by `Unit`."""

    def account(self, user_id: int) -> Account:
        """Consistent. One of version 0 where there is none."""

    def account_with(self, user_id: int, question_id: str) -> tuple[Account, Question | None]:
        """Both in one round trip. Consistent."""

    def question(self, user_id: int, question_id: str) -> Question | None:
        """Consistent."""

    def asked(
        self, user_id: int, after: str, *, before: str = "", limit: int = 20, cursor: str | None = None
    ) -> Page[Question]:
        """A person's questions with ids greater than `after` and, where it is given, less than the id `before`; newest
        first. Consistent. Raises Invalid for a cursor of another list.
        """

    def save(self, before: Account, after: Account) -> bool:
        """An account alone, which costs half; False, and nothing is written, where it is no longer `before`."""

    def drop_asked(self, user_id: int, up_to: str, limit: int) -> int:
        """Delete questions with ids less than `up_to`, at most `limit`; answers how many there were."""

    def pack(self, user_id: int, pack_id: str) -> Pack | None:
        """One that is used up. Consistent."""

    def due_accounts(self, now: datetime, limit: int) -> list[int]:
        """Whose account somebody has to look at."""


class AssistantWork(Protocol):
    """The queue of questions: one person's come one after the other."""

    def answer(self, user_id: int, question_id: str, again: int = 0) -> None:
        """Have a question answered. `again` numbers further calls, which wait for nobody: the worker of the one before
        may have died. Raises Unavailable.
        """

    def clear(self, user_id: int, again: int = 0) -> None:
        """Have the history that a person has cleared deleted. Raises Unavailable."""


class Stage(Protocol):
    """Where one person sees one answer grow, and keeps it."""

    def begin(self) -> float:
        """Somebody is at it: shown at once, and never a reason to fail. Seconds until `grow` may be called."""

    def grow(self, text: Formatted) -> float | None:
        """Show as much as there is. Seconds until it may be called again; None where it must not be any more. Never a
        reason to fail.
        """

    def tell(self, question: Question, number: int, parts: tuple[Formatted, ...]) -> None:
        """Part `number` (from 0 on) of the whole answer, for keeps. Raises TryLater, Unreachable, Rejected."""

    def fail(self, question: Question) -> None:
        """Why there is no answer, and the way out. Raises TryLater, Unreachable, Rejected."""

    def fade(self) -> None:
        """What has grown is over, and nothing is to be told: the person was not there, or it was cleared."""


class LiveAnswers(Protocol):
    """Answers while they grow, for pages that look."""

    def put(self, user_id: int, question_id: str, text: Formatted, now: datetime) -> None: ...

    def find(self, user_id: int, question_id: str, now: datetime) -> Formatted | None: ...
