"""The helper of a soak's market: its queue, a model with moods, and the chats that its answers reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from starbid.domain.assistant.formatted import Formatted
from starbid.domain.assistant.question import Question
from starbid.domain.errors import StarbidError
from starbid.domain.people import Person
from starbid.services.assistant.answering import PART_LENGTH, TOLD_WITHIN, Answering
from starbid.services.ports import Ailment, Ending, ModelTrouble, Rejected, TryLater, Turn, Unreachable, Usage, Written
from tests.support.answering import worker
from tests.support.fake_assistant import Call, FakeAssistantWork, FakeStage
from tests.support.fakes import FakeApp, FakePace

from .parts import ROGUE
from .storm import Storm

HIDDEN = timedelta(seconds=180)
"""How long the queue hides a message that was received and not finished."""
SAME_WITHIN = timedelta(minutes=5)
"""A message of the same name is not taken twice within this time."""
MOST_RECEIVES = 3
LISTING = '{"title": "A lamp", "description": "Gives light.", "category": "home", "start_price": "40"}'
LONG = "".join(f"{number:05}" for number in range(2_000))
"""Three parts."""
ANSWERS = (*("Yes.", "It **depends**.", LISTING, "> Gives light.\nIt does.", LONG) * 3, "> It is gold.", "", " ")


@dataclass
class Asked:
    """A message of the queue."""

    call: Call
    visible_at: datetime
    receives: int = 1

    @property
    def group(self) -> tuple[int, int]:
        """One person's come one after the other; a call that is made again waits for nobody."""
        return self.call.user_id, self.call.again


class Moody:
    """Implements `ports.LanguageModel`: writes, breaks off, says nothing; and people act meanwhile."""

    def __init__(self, dice: Random, storm: Storm, pace: FakePace) -> None:
        self._dice, self._storm, self._pace = dice, storm, pace
        self.meanwhile: Callable[[], object] = lambda: None

    @contextmanager
    def write(self, prompt: Sequence[Turn], seconds: float) -> Iterator[Iterator[str | Written]]:
        yield self._pieces(self._dice.choice(ANSWERS))

    def _pieces(self, answer: str) -> Iterator[str | Written]:
        for piece in filter(None, (answer[:2], answer[2:9_000], answer[9_000:])):
            if self._dice.random() < 0.1:
                self._storm.let_others(self.meanwhile)
            self._storm.call("model", "piece", lambda: None)
            yield piece
            self._pace.sleep(1)
        if self._dice.random() < 0.15:
            raise ModelTrouble(self._dice.choice(list(Ailment)), "a mood", self._dice.choice((None, 1, 50)))
        yield Written(self._dice.choice(list(Ending)), Usage(50, len(answer)))


class Chat(FakeStage):
    """Implements `ports.Stage`: counts what reaches the person, in a Telegram that fails."""

    def __init__(self, chats: Answers, person: Person, question: Question, remember: Callable[[int], None]) -> None:
        super().__init__()
        self._chats, self._person, self._question, self._remember = chats, person, question, remember

    def begin(self) -> Any:
        self._shown("begin")
        return super().begin()

    def grow(self, text: Formatted) -> float | None:
        if not self._shown("grow"):
            return None
        if not self.frames:
            self._remember(len(self._chats.told) + 1)
        return super().grow(text)

    def tell(self, *told: Any) -> None:
        *_, number, parts = told
        self._put(str(number), parts[number].text)

    def fail(self, question: Question) -> None:
        self._put("failed", str(question.failure))

    def fade(self) -> None:
        """Only one of the people is ever blocked; the rest of an answer that is late is left to the history."""
        self._shown("fade")
        at = self._question.answered_at
        if self._person.id == ROGUE or (at is not None and self._chats.now >= at + TOLD_WITHIN):
            self._chats.silent.add(self._question.id)

    def _shown(self, name: str) -> bool:
        try:
            self._chats.storm.call("stage", name, lambda: None)
        except TryLater:
            return False
        return True

    def _put(self, what: str, text: str) -> None:
        name = self._question.id
        refusal = self._chats.refusal()
        if refusal:
            self._chats.silent.add(name)
            raise refusal
        self._chats.storm.call("stage", "tell", lambda: self._chats.told.update([(name, what)]), name)


class Answers:
    """What is asked waits here; the worker dies at any call, and its messages come again."""

    def __init__(self, app: FakeApp, asked: FakeAssistantWork, dice: Random, storm: Storm) -> None:
        """`asked` is the queue of the app, as it is in good weather."""
        self._app, self._asked, self._dice, self.storm = app, asked, dice, storm
        self._pace = FakePace(app.clock)  # while others act no time passes
        self._messages: list[Asked] = []
        self._names: dict[tuple[Any, ...], datetime] = {}
        self._who = 0
        self.told: Counter[tuple[str, str]] = Counter()
        """By question and part: how often it has reached the chat."""
        self.silent: set[str] = set()
        """Questions whose chat need not hear it all: it refused, its person was blocked, or it is too late."""
        model = Moody(dice, storm, self._pace)
        model.meanwhile = self._interrupt
        app.__dict__["language_model"] = model

    @property
    def now(self) -> datetime:
        return self._app.now()

    def worker(self) -> Answering:
        return worker(
            self._app,
            lambda person, question, _, remember: Chat(self, person, question, remember),
            pace=self._pace,
        )

    def _interrupt(self) -> None:
        """The person who is being answered wants no more, or somebody else acts."""
        asking, now = self._app.asking, self.now
        acts: tuple[Callable[[], object], ...] = (
            lambda: asking.stop(self._who),
            lambda: asking.stop(self._who),
            lambda: asking.clear(self._who, now),
            lambda: asking.consent(self._who, now, given=False),
            self.storm.meanwhile,
        )
        with suppress(StarbidError):
            self._dice.choice(acts)()

    def refusal(self) -> Exception | None:
        luck = self._dice.random()
        return Unreachable() if luck < 0.01 else Rejected("no") if luck < 0.02 else None

    @property
    def next_at(self) -> datetime | None:
        """When there is something to do; None where nothing is."""
        due = [account.due_at for account in self._app.store.tables.accounts.values() if account.due_at]
        return min([*due, *(each.visible_at for each in self._heads())], default=None)

    def _heads(self) -> list[Asked]:
        """The first of each group: the others wait for it, however long it is hidden."""
        heads: dict[tuple[int, int], Asked] = {}
        for each in self._messages:
            heads.setdefault(each.group, each)
        return list(heads.values())

    def receive(self, process: Callable[[], AbstractContextManager[None]], failed: type[Exception]) -> None:
        """Some messages, of each group the first alone; unfinished ones come again, and sometimes finished ones too."""
        self._take()
        visible = [each for each in self._heads() if each.visible_at <= self.now]
        for each in visible[: self._dice.randrange(1, 6)]:
            is_done = False
            with suppress(failed), process():
                self._answer(each.call)
                is_done = self._dice.random() >= 0.03
            each.receives += 1
            each.visible_at = self.now + HIDDEN
            if (is_done or each.receives > MOST_RECEIVES) and each in self._messages:  # others have received meanwhile
                self._messages.remove(each)

    def _answer(self, call: Call) -> None:
        self._who = call.user_id
        if call.clear:
            self.worker().clear(call.user_id)
        else:
            self.worker().answer(call.user_id, call.question_id)

    def _take(self) -> None:
        for call in self._asked.take():
            name = (call.user_id, call.question_id, call.again)
            if self._names.get(name, self.now) <= self.now:
                self._names[name] = self.now + SAME_WITHIN
                self._messages.append(Asked(call, self.now))


def parts_of(question: Question) -> set[tuple[str, str]]:
    """What has to reach the chat of a question that is over."""
    if question.failure:
        return {(question.id, "failed")}
    return {(question.id, str(number)) for number in range(-(-len(question.answer) // PART_LENGTH))}
