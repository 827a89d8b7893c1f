"""The questions that the bot has asked a person, each kept with the message that asks it.

A question is a frozen dataclass of its screen. Its fields are what is to be known when the answer comes; a dialogue of
several steps has its step among them. All of a person's are one small record, which is read along with the person.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import asdict, astuple, dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, TypeVar, get_args, get_type_hints

from starbid.i18n import Language
from starbid.services.ports import Contended, Records, questions_of
from starbid.telegram.keyboards import Button

PATIENCE_SECONDS = 3600
"""So long a question waits for its answer, unless it says otherwise."""
KEEP_SECONDS = 86_400
"""So long it is remembered that something was asked: a late reply is told that it is late."""
MOST_KEEP_SECONDS = 31 * 86_400
MOST = 8
"""Of one person; the oldest falls out. The record stays below 1 KB, one write unit, but for a question with long facts
while it waits.
"""
AT_ONCE = timedelta(milliseconds=300)
"""What a person sends at once, an album for example, may come in any order."""
_TRIES = 3
_FACTS = (str, int, bool, type(None))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)

Q = TypeVar("Q", bound="Question")
State = dict[str, Any]
"""What is stored: JSON."""


@dataclass(frozen=True)
class Question(ABC):
    """`name` and `version` are stored with it: a change of the fields needs another version. It waits for its answer
    for `patience` seconds.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    patience: ClassVar[int] = PATIENCE_SECONDS
    is_alone: ClassVar[bool] = False
    """Of this kind only the newest is remembered: its facts are long."""

    @property
    @abstractmethod
    def again(self) -> str:
        """Data of the button that asks it again."""

    def only_text(self, words: Language) -> str:
        """Said when a picture or a file comes where text is waited for."""
        return words._("Only text works here. Send text, or /cancel.")

    def leaving(self, words: Language) -> Button:
        """The button that leaves it unanswered."""
        return Button(words._("Cancel"), "x")


OFFERED_IN = "offered_in"
"""The fact of a question that names the message with its button."""


@dataclass(frozen=True)
class DealQuestion(Question):
    """About a step of a deal. `offered_in`: the message with the button, which is to offer it no longer; 0 for none."""

    verb: ClassVar[str]
    lot: str
    offered_in: int

    @property
    def again(self) -> str:
        return f"d:{self.verb}:{self.lot}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is stored. `message_id` is 0 where Telegram's answer was lost; `until` in seconds since 1970, 0
    for one that was answered or cancelled.
    """

    message_id: int
    until: int
    name: str
    version: int
    facts: dict[str, Any]

    @classmethod
    def now(cls, question: Question, message_id: int, now: datetime) -> Asked:
        until = int(now.timestamp()) + question.patience
        return cls(message_id, until, question.name, question.version, asdict(question))

    def is_open(self, now: datetime) -> bool:
        return now.timestamp() < self.until

    def read_as(self, kind: type[Q]) -> Q | None:
        """None where another version of the bot wrote it."""
        types = facts_of(kind)
        fits = self.facts.keys() == types.keys() and all(type(self.facts[name]) in types[name] for name in types)
        return kind(**self.facts) if fits and self.version == kind.version else None

    def is_same(self, other: Asked) -> bool:
        """Asked twice it is one question: an answer to either is the answer. Which message offered it is no matter."""
        return (self.name, self.version, self._asks) == (other.name, other.version, other._asks)

    @property
    def _asks(self) -> dict[str, Any]:
        return {name: fact for name, fact in self.facts.items() if name != OFFERED_IN}


@dataclass(frozen=True, slots=True)
class AskedBy:
    """The update that asked: `turn` names it, `came` is when it first arrived, in ms since 1970 UTC."""

    turn: str = ""
    came: int = 0

    @classmethod
    def of(cls, turn: str, arrived: datetime) -> AskedBy:
        return cls(turn, (arrived - _EPOCH) // _MS)


@dataclass(frozen=True, slots=True)
class Questions:
    """All of one person, the oldest first. `listening`: a text that replies to nothing answers the newest. `last`: who
    asked that one, as far as it is known.

    An update whose process died comes again, later than what followed it. So a question is answered only by what came
    after the update that asked it, and not by that update.
    """

    asked: tuple[Asked, ...] = ()
    listening: bool = False
    last: AskedBy = AskedBy()

    def were_asked_by(self, turn: str) -> bool:
        """Whether this update asked the newest one: what it had to do was done up to there."""
        return bool(self.asked) and self.last.turn == turn

    def came_before(self, arrived: datetime, asked: Asked) -> bool:
        """Whether what first arrived then was sent before this question was asked."""
        return asked is self.asked[-1] and _EPOCH + self.last.came * _MS - AT_ONCE > arrived

    def newest(self, now: datetime) -> Asked | None:
        """What a text answers that replies to nothing."""
        return self.asked[-1] if self.listening and self.asked and self.asked[-1].is_open(now) else None

    def of_message(self, message_id: int, now: datetime) -> Asked | None:
        """The question that a message asks. Where Telegram's answer was lost, the one that a text would answer may be
        in any message that we do not know. An older one may not: the reply could be meant for a card or a notice.
        """
        newest = self.newest(now)
        lost = newest if newest and newest.message_id == 0 else None
        return next((asked for asked in self.asked if 0 < asked.message_id == message_id), lost)

    def any_open(self, now: datetime) -> bool:
        return any(asked.is_open(now) for asked in self.asked)

    def keep_seconds(self, now: datetime) -> int:
        """So long they are remembered: KEEP_SECONDS, or as long as one of them waits."""
        longest = max((asked.until - int(now.timestamp()) for asked in self.asked), default=0)
        return min(max(KEEP_SECONDS, longest), MOST_KEEP_SECONDS)

    def with_asked(self, asked: Asked, by: AskedBy) -> Questions:
        return Questions((*self.asked, asked)[-MOST:], listening=True, last=by)

    def without(self, closed: Asked) -> Questions:
        return replace(self, asked=tuple(replace(a, until=0) if a.is_same(closed) else a for a in self.asked))

    def without_kind(self, name: str) -> Questions:
        """As if nothing of this kind had been asked."""
        return replace(self, asked=tuple(asked for asked in self.asked if asked.name != name))

    def with_none_open(self) -> Questions:
        return Questions(tuple(replace(asked, until=0) for asked in self.asked), last=self.last)

    def left(self) -> Questions:
        """The person went elsewhere: what they write next is no answer. A reply still is."""
        return replace(self, listening=False)


def facts_of(kind: type[Question]) -> dict[str, tuple[type, ...]]:
    """The types that each field may have. Raises TypeError for what JSON does not give back as it was."""
    hints = get_type_hints(kind)
    types = {field.name: get_args(hints[field.name]) or (hints[field.name],) for field in fields(kind)}
    for name, allowed in types.items():
        if not set(allowed) <= set(_FACTS):
            raise TypeError(f"{kind.__name__}.{name} cannot be stored")
    return types


def read_questions(state: State | None) -> Questions:
    """What `questions_of` holds; what cannot be read counts as no question. Former versions did not keep `last`."""
    if state is None or state.keys() | {"last"} != {"asked", "listening", "last"}:
        return Questions()
    rows, listening, last = state["asked"], state["listening"], state.get("last", ["", 0])
    if not isinstance(rows, list) or type(listening) is not bool or not all(map(_is_asked, rows)):
        return Questions()
    if not isinstance(last, list) or [type(part) for part in last] != [str, int]:
        return Questions()
    return Questions(tuple(Asked(*row) for row in rows), listening, AskedBy(*last))


def _is_asked(row: object) -> bool:
    if not isinstance(row, list) or [type(part) for part in row] != [int, int, str, int, dict]:
        return False
    return all(type(fact) in _FACTS for fact in row[-1].values())


def _state_of(questions: Questions) -> State:
    return {
        "asked": [list(astuple(asked)) for asked in questions.asked],
        "listening": questions.listening,
        "last": list(astuple(questions.last)),
    }


def stored(records: Records, person_id: int, now: datetime) -> Questions:
    """As they are kept at this moment."""
    return read_questions(records.member(*questions_of(person_id), now))


def change(
    records: Records, person_id: int, known: Questions, step: Callable[[Questions], Questions], now: datetime
) -> Questions:
    """Take a step from the stored questions, which were `known` when they were read. Raises Contended.

    A press and a text may come at once: the step is taken again from what the other has left. Of two first questions at
    once the later one stays; a reply to the other is told that it asks nothing.
    """
    place = questions_of(person_id)
    for _ in range(_TRIES):
        changed = step(known)
        keep = changed.keep_seconds(now)
        if changed == known:
            return known
        if not known.asked:
            records.put_member(*place, _state_of(changed), keep, now)
            return changed
        if records.exchange_member(*place, _state_of(known), _state_of(changed), keep, now):
            return changed
        known = stored(records, person_id, now)
    raise Contended
