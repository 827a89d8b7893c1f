"""A question to the helper, and what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from starbid.domain.assistant.account import Open, Phase
from starbid.domain.assistant.formatted import NOTHING, Formatted
from starbid.domain.texts import read_text

LONGEST_QUESTION = 4000
"""Characters (spec, section 8)."""
LONGEST_ANSWER = 32_000
"""Characters that are kept and shown of an answer; at eight messages a chat has enough."""
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_TIME_LENGTH, _CHANCE_LENGTH = 9, 8
_EPOCH, _MS = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)
ID_LENGTH = _TIME_LENGTH + _CHANCE_LENGTH


class Task(StrEnum):
    """What is wanted. LOT: an answer from the text of a lot; LISTING: a draft of a lot out of a few words; REPLY: a
    draft of what a seller answers to a dispute, or anybody to support.
    """

    QUESTION = "question"
    LISTING = "listing"
    LOT = "lot"
    REPLY = "reply"


class Place(StrEnum):
    """Where it was asked, and is answered."""

    CHAT = "chat"
    SITE = "site"
    API = "api"


class State(StrEnum):
    """As people see it (spec, section 8)."""

    QUEUED = "queued"
    ANSWERING = "answering"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"

    @property
    def is_over(self) -> bool:
        return self in (State.DONE, State.FAILED, State.STOPPED)


class Failure(StrEnum):
    """Why a question was not answered; it costs nothing then."""

    UNREACHABLE = "unreachable"
    """The AI service is busy, broken or slow."""
    EMPTY = "empty"
    WITHHELD = "withheld"
    """The service's filter let nothing through."""
    UNUSABLE = "unusable"
    """What should be a draft of a lot is none."""
    STOPPED = "stopped"
    """Before anything was shown."""
    CONSENT = "consent"
    """It was taken back."""
    BARRED = "barred"
    """The person was blocked, or barred from the helper."""
    RESTING = "resting"
    """The day's tokens are used up."""
    GONE = "gone"
    """The lot that it is about is not there any more."""
    DIED = "died"
    """Nobody finished it, however often it was taken up."""

    @property
    def may_be_asked_again(self) -> bool:
        """Whether the same question may be answered the next time."""
        return self not in (Failure.STOPPED, Failure.BARRED, Failure.GONE, Failure.WITHHELD)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a person's history. `subject` is the lot of LOT, and of a REPLY about a deal.

    `answer` is Markdown as the model wrote it, `shown` the same as it is shown. `cut`: it is not all. `suggested` are
    the fields of a lot, for a LISTING; `answer` and `shown` are title and description then. `tokens`: what it took of
    the model; `answered_at`: when it was over.
    """

    id: str
    user_id: int
    text: str
    asked_at: datetime
    task: Task = Task.QUESTION
    place: Place = Place.CHAT
    subject: str = ""
    state: State = State.QUEUED
    answer: str = ""
    shown: Formatted = NOTHING
    cut: bool = False
    failure: Failure | None = None
    suggested: Mapping[str, str] | None = None
    tokens: int = 0
    answered_at: datetime | None = None

    def state_with(self, open_: Open | None) -> State:
        """As it is by the account of its person."""
        if self.state is State.QUEUED and open_ and open_.id == self.id and open_.phase is Phase.ANSWERING:
            return State.ANSWERING
        return self.state


def read_question(text: str) -> str:
    """The text as it is asked. Raises Invalid where there is nothing to see in it, or too much."""
    return read_text("text", text, 1, LONGEST_QUESTION)


def question_id(asked_at: datetime, request_id: str) -> str:
    """17 of [0-9a-z]; they sort by when they were asked. The same request of the same moment is the same question."""
    number, digits = (asked_at - _EPOCH) // _MS, ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    chance = int.from_bytes(hashlib.sha256(request_id.encode()).digest()[:8])
    tail = ""
    for _ in range(_CHANCE_LENGTH):
        chance, digit = divmod(chance, 36)
        tail += _DIGITS[digit]
    return digits.rjust(_TIME_LENGTH, "0") + tail


def first_id_after(moment: datetime) -> str:
    """No question that was asked at `moment` or before has a greater id."""
    return question_id(moment + _MS, "")[:_TIME_LENGTH]


def is_question_id(text: str) -> bool:
    return len(text) == ID_LENGTH and all(char in _DIGITS for char in text)
