"""The helper's worker over fakes: somebody asks, a model that a test plays writes, and it is told on a stage.

helper = Helper()
asked = helper.ask("How do I sell?")
helper.model.says("Press ", "/sell.")
helper.work()                               # the worker takes what waits in its queue
helper.fate = Fate(dies_at=7)               # from now on it dies at that call
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

from starbid.domain.assistant.account import Account, Phase
from starbid.domain.assistant.formatted import Formatted
from starbid.domain.assistant.packs import with_pack
from starbid.domain.assistant.question import Place, Question, Task
from starbid.domain.events import AnyEvent, QuestionAnswered, QuestionFailed
from starbid.domain.lots import CATEGORIES
from starbid.domain.people import Person
from starbid.services.assistant.answering import Answering
from starbid.services.assistant.asking import Wish
from starbid.services.assistant.material import Material
from starbid.services.assistant.prompting import Facts
from starbid.services.assistant.spending import Spending
from starbid.services.assistant.writing import Outcome
from starbid.services.ports import Pace, Stage

from .factories import ANNA, join
from .fake_assistant import Call, FakeModel, FakeStage, PlainFormatting
from .fakes import FakeApp, FakePace, StagedApp, make_app
from .helper_rows import pack
from .mortal import Fate, Mortal

FACTS = Facts("Starbid", "500 Stars", 5, 14, 3, "Telegram Stars", CATEGORIES)
BUDGET = 3000


class GrowingStage(FakeStage):
    """Grows in a message that is edited, as where drafts are refused. It remembers what was told of each question."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[tuple[str, int]] = []
        """The questions that it was made for, with the message that grew already."""
        self.remember: Callable[[int], None] = lambda _: None
        self.message_id = 0

    def made_for(self, _: Person, question: Question, message_id: int, remember: Callable[[int], None]) -> GrowingStage:
        self.made.append((question.id, message_id))
        self.message_id, self.remember = message_id, remember
        return self

    def grow(self, text: Formatted) -> float | None:
        wait = super().grow(text)
        if not self.message_id:
            self.message_id = 77
            self.remember(self.message_id)
        return wait


def worker(
    app: StagedApp,
    stages: Callable[..., Stage],
    unreachable: Callable[[int], None] = lambda _: None,
    *,
    exposed: Callable[[Any], Any] = lambda port: port,
    pace: Pace | None = None,
) -> Answering:
    """The worker over the ports of an app, each of them as it is `exposed`; formatting is left out."""
    questions = exposed(app.questions)
    return Answering(
        exposed(app.store),
        questions,
        exposed(app.assistant_work),
        lambda: exposed(app.language_model),
        PlainFormatting(),
        stages,
        Material(questions, app.browsing, FACTS, BUDGET),
        Spending(exposed(app.counters), app.settings.business.assistant.daily_tokens),
        pace or app.pace,
        unreachable,
    )


class Helper:
    """ANNA has agreed and started the trial, and asks. What happens at which call is in `fate`."""

    def __init__(self, environment: dict[str, str] | None = None, **person: Any) -> None:
        self.app: FakeApp = make_app({"ASSISTANT_ENABLED": "true"} | (environment or {}))
        self.app.pace = self.pace = FakePace(self.app.clock, moves_clock=True)
        self.model: FakeModel = self.app.language_model
        self.stage = GrowingStage()
        self.fate = Fate()
        self.unreachable: list[int] = []
        self._requests = count(1)
        join(self.app, ANNA, **person)
        self.app.asking.consent(ANNA, self.app.now(), given=True)
        self.app.asking.start_trial(self.person, self.app.now())

    # --- the person ---------------------------------------------------------------------------------------------------

    @property
    def person(self) -> Person:
        return self.app.store.tables.people[ANNA]

    @property
    def account(self) -> Account:
        return self.app.store.tables.accounts[ANNA]

    @property
    def phase(self) -> Phase | None:
        return self.account.open.phase if self.account.open else None

    def ask(self, text: str = "Why?", place: Place = Place.CHAT, task: Task = Task.QUESTION, subject: str = "") -> str:
        wish = Wish(text, place, task, subject)
        return self.app.asking.ask(self.person, wish, f"r{next(self._requests)}", self.app.now()).id

    def question(self, question_id: str) -> Question:
        return self.app.store.tables.questions[ANNA, question_id]

    def is_kept(self, question_id: str) -> bool:
        return (ANNA, question_id) in self.app.store.tables.questions

    def pays_with(self, number: int, used: int = 0) -> None:
        """Instead of the trial: with what is left of a pack."""
        before = replace(self.account, trial=None)
        given = with_pack(before, pack(credits=number))
        packs = (replace(given.packs[0], used=used),)
        self.app.store.tables.accounts[ANNA] = replace(given, packs=packs, spent=used)

    def change(self, **changes: Any) -> None:
        """An operator has decided about the person."""
        people = self.app.store.tables.people
        people[ANNA] = replace(people[ANNA], version=people[ANNA].version + 1, **changes)

    # --- the worker ---------------------------------------------------------------------------------------------------

    @property
    def answering(self) -> Answering:
        """A new process, which meets its `fate`."""
        fate = self.fate
        return worker(
            self.app,
            lambda *made: Mortal(self.stage.made_for(*made), fate),
            self.unreachable.append,
            exposed=lambda port: Mortal(port, fate),
        )

    def take(self, call: Call) -> Outcome | None:
        if call.clear:
            self.answering.clear(call.user_id)
            return None
        return self.answering.answer(call.user_id, call.question_id)

    def work(self) -> list[Outcome | None]:
        """What waits in the queue; each message once."""
        return [self.take(call) for call in self.app.assistant_work.take()]

    def answer(self, question_id: str) -> Outcome | None:
        """One message of the queue comes, be it for the first time or again."""
        return self.answering.answer(ANNA, question_id)

    def sweep(self) -> list[Call]:
        """The calls that the sweep makes now; those that wait already are left."""
        waiting = self.app.assistant_work.take()
        self.answering.sweep(self.app.now())
        made, self.app.assistant_work.calls = self.app.assistant_work.take(), waiting
        return made

    def until_done(self, minutes: int = 10) -> None:
        """In good health, with a sweep every minute, until nothing is to be done any more."""
        self.fate = Fate()
        for _ in range(minutes):
            if self.account.due_at is None:
                return
            self.work()
            self.app.clock.forward(minutes=1)
            for call in self.sweep():
                self.take(call)
        assert self.account.due_at is None, f"never done: {self.account}"

    def goes_by(self, **time: float) -> None:
        self.app.clock.now += timedelta(**time)

    # --- what came of it ----------------------------------------------------------------------------------------------

    def events(self, question_id: str) -> list[AnyEvent]:
        """What was told of the end of a question; at most one such event is right."""
        every = self.app.store.tables.events.values()
        ends = [each for each in every if isinstance(each, QuestionAnswered | QuestionFailed)]
        return [each for each in ends if each.question_id == question_id]

    @property
    def used(self) -> int:
        """Answers that were paid for, with whatever."""
        trial = self.account.trial.used if self.account.trial else 0
        return trial + sum(self.account.quota_used.values()) + self.account.spent
