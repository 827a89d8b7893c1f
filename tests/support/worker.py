"""An app that offers the AI helper, and the helper's worker over fakes."""

from __future__ import annotations

from itertools import count
from typing import Any

from starbid.domain.assistant.question import Place, Question
from starbid.domain.lots import CATEGORIES
from starbid.domain.people import Person
from starbid.services.assistant.answering import Answering
from starbid.services.assistant.asking import Wish
from starbid.services.assistant.material import Material
from starbid.services.assistant.prompting import Facts
from starbid.services.assistant.spending import Spending
from starbid.services.ports import Ending

from .desk import deciding
from .factories import ANNA, join
from .fake_assistant import FakeStage, PlainFormatting, Said
from .fakes import FakeApp, make_app
from .schemas import assert_documented
from .web import Answer

_numbers = count(1)
HELPER = "/api/v1/assistant"
FACTS = Facts("Starbid", "100 Stars", 5, 7, 7, "Telegram Stars", CATEGORIES)


def offering(**environment: str) -> FakeApp:
    """`environment`: further settings."""
    return make_app({"ASSISTANT_ENABLED": "true"} | environment)


def answer(app: FakeApp, *said: Said, ending: Ending = Ending.COMPLETE) -> FakeStage:
    """The worker answers the question that waits in the queue, with what the model says as in FakeModel."""
    if said:
        app.language_model.says(*said, ending=ending)
    (call,) = (call for call in app.assistant_work.take() if not call.clear)
    stage = FakeStage()
    worker = Answering(
        app.store,
        app.questions,
        app.assistant_work,
        lambda: app.language_model,
        PlainFormatting(),
        lambda *_: stage,
        Material(app.questions, app.browsing, FACTS, 3000),
        Spending(app.counters, 0),
        app.pace,
        app.people.mark_unreachable,
    )
    worker.answer(call.user_id, call.question_id)
    return stage


def asking_person(app: FakeApp, user_id: int = ANNA, **changes: Any) -> Person:
    """Somebody who has agreed. `changes` as for `factories.join`."""
    known = join(app, user_id, **changes)
    agree(app, user_id)
    return known


def ask(app: FakeApp, person: Person, text: str = "Why?", request_id: str = "") -> Question:
    """A question on the site; without a `request_id` each is one of its own."""
    wish = Wish(text, Place.SITE)
    return app.asking.ask(person, wish, request_id or f"ask-{next(_numbers)}", app.now())


def agree(app: FakeApp, user_id: int) -> None:
    """That questions go to an AI service."""
    app.asking.consent(user_id, app.now(), given=True)


def give(app: FakeApp, user_id: int, number: int) -> None:
    """Credits, by an operator; with less than 0 they are taken."""
    app.buying.change(user_id, number, deciding("a gift", app.now()))


def refused(answer: Answer, status: int, code: str, route: str = "") -> dict[str, Any]:
    """The details of a refusal of the API; with the name of a POST of the helper's, its document tells of it."""
    assert (answer.status, answer.code) == (status, code), answer.text
    if route:
        assert_documented("post", f"/assistant/{route}", status, code)
    details: dict[str, Any] = answer.json["error"]["details"]
    return details
