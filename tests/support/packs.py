"""The AI helper in tests: people who agreed, tried it and bought packs, and a worker that answers."""

from __future__ import annotations

from itertools import count

from starbid.domain.assistant.account import Account
from starbid.domain.assistant.question import Place, Question, Task
from starbid.domain.payments import Charge
from starbid.services.assistant.answering import Answering
from starbid.services.assistant.asking import Wish
from starbid.services.assistant.spending import Spending

from .factories import ANNA, join
from .fake_assistant import FakeStage, PlainFormatting
from .fakes import FakeApp, StagedApp, make_app
from .there import there

_numbers = count(1)


def with_helper(*people: int, stars: int = 0, **environment: str) -> FakeApp:
    """An app that offers the helper, with people (ANNA unless named) who agreed and have `stars` each. Packs are
    `10:20,50:80,200:250`.
    """
    app = make_app({"ASSISTANT_ENABLED": "true"} | environment)
    for who in people or (ANNA,):
        join(app, who, stars=stars)
        app.asking.consent(who, app.now(), given=True)
    return app


def account(app: FakeApp, who: int = ANNA) -> Account:
    return app.questions.account(who)


def ordered(app: FakeApp, number: int = 10, who: int = ANNA) -> tuple[str, str, int]:
    """The id of an order for a pack, the payload of its invoice, and its price."""
    order, payload = app.paying.order_pack(who, number, app.now())
    return order.id, payload, order.amount.amount


def pay_pack(app: FakeApp, number: int = 10, charge_id: str = "p1", who: int = ANNA) -> Charge:
    """A pack by an invoice."""
    _, payload, price = ordered(app, number, who)
    return app.paying.credit(who, charge_id, payload, price, "XTR", app.now())


def ask(app: FakeApp, who: int = ANNA, *, task: Task = Task.QUESTION, text: str = "What is a proxy bid?") -> Question:
    """A question is reserved, and not answered yet; a minute after the one before, so that nobody asks too often."""
    app.clock.forward(minutes=1)
    person = there(app.store.person(who))
    return app.asking.ask(person, Wish(text, Place.SITE, task), f"q{next(_numbers)}", app.now())


def worker(app: StagedApp, stage: FakeStage | None = None) -> Answering:
    """Over the app's fakes, so that a test says what the model says."""
    shown = stage or FakeStage()
    spending = Spending(app.counters, app.settings.business.assistant.daily_tokens)
    return Answering(
        app.store,
        app.questions,
        app.assistant_work,
        lambda: app.language_model,
        PlainFormatting(),
        lambda *_: shown,
        app._material,
        spending,
        app.pace,
        app.people.mark_unreachable,
    )


def answer_all(app: FakeApp) -> None:
    """Whatever waits in the queue is answered."""
    for call in app.assistant_work.take():
        if call.question_id:
            worker(app).answer(call.user_id, call.question_id)


def ask_and_answer(app: FakeApp, times: int = 1, who: int = ANNA) -> None:
    for _ in range(times):
        ask(app, who)
        answer_all(app)
