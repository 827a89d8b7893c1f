"""People who ask the AI helper, and what comes of their questions, over fakes: as its worker would leave them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from starbid.domain.assistant.account import changed, closed, given_back, taken_up, used
from starbid.domain.assistant.formatted import Formatted
from starbid.domain.assistant.question import Failure, Place, Question, State, Task
from starbid.services.assistant.asking import Wish

from .factories import ANNA, join
from .fakes import FakeApp, make_app
from .web import Client

OFFERED = {"ASSISTANT_ENABLED": "true"}


def helped(**environment: str) -> FakeApp:
    """An App where the helper is offered."""
    return make_app(OFFERED | environment)


def member(app: FakeApp, user_id: int = ANNA, *, trial: bool = True, **changes: Any) -> Client:
    """Somebody who has agreed, and who tries it."""
    person = join(app, user_id, **changes)
    app.asking.consent(user_id, app.now(), given=True)
    if trial:
        app.asking.start_trial(person, app.now())
    return Client(app).log_in(user_id)


def asks(app: FakeApp, user_id: int = ANNA, text: str = "Why?", task: Task = Task.QUESTION, subject: str = "") -> str:
    """The id of a question that waits now, some time after all others."""
    app.clock.forward(minutes=1)
    person = app.store.tables.people[user_id]
    return app.asking.ask(person, Wish(text, Place.SITE, task, subject), "r", app.now()).id


def begun(app: FakeApp, user_id: int = ANNA) -> None:
    """A worker is at the open question."""
    before = app.questions.account(user_id)
    assert app.questions.save(before, taken_up(before, app.now() + timedelta(minutes=2)))


def answered(app: FakeApp, user_id: int = ANNA, answer: str = "Because.", **changes: Any) -> Question:
    """The open question has its answer."""
    over = {"state": State.DONE, "answer": answer, "shown": Formatted(answer)} | changes
    return _over(app, user_id, **over)


def failed(app: FakeApp, user_id: int = ANNA, failure: Failure = Failure.UNREACHABLE, **changes: Any) -> Question:
    """The open question got none."""
    return _over(app, user_id, **{"state": State.FAILED, "failure": failure} | changes)


def use_up(app: FakeApp, user_id: int = ANNA) -> None:
    """All of the trial."""
    before = app.questions.account(user_id)
    assert before.trial
    assert app.questions.save(before, changed(before, trial=replace(before.trial, used=before.trial.granted)))


def _over(app: FakeApp, user_id: int, **changes: Any) -> Question:
    account = app.questions.account(user_id)
    assert account.open
    question = app.questions.question(user_id, account.open.id)
    assert question
    question = replace(question, answered_at=app.now(), **changes)
    after = given_back(account, question.tokens, app.now()) if question.failure else used(account)[0]
    unit = app.store.unit()
    unit.save_account(account, after)
    unit.save_question(question)
    unit.commit()
    assert app.questions.save(after, closed(after))
    return question
