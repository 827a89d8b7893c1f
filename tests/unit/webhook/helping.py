"""People who chat with the AI helper, and its worker over a model that says what it is told to."""

from __future__ import annotations

from typing import Any

from starbid.domain.assistant.account import Account
from starbid.domain.assistant.question import Question
from tests.support.fakes import FakeApp

from .chatting import Chat, FakeTelegram, chatting_app

AGREE = {"en": "Agree", "ru": "Согласиться"}
TRIAL = {"en": "Free trial: 10 answers, 7 days", "ru": "Пробный период: 10 ответов, 7 дней"}
VOICE = {"file_id": "v", "file_unique_id": "v", "duration": 3}


def helping_app(telegram: FakeTelegram, **environment: str) -> FakeApp:
    """One where the helper is offered."""
    return chatting_app(telegram, ASSISTANT_ENABLED="true", **environment)


def ready(chat: Chat, *, trial: bool = True, **changes: Any) -> Chat:
    """They have agreed, and begun the free trial or not. `changes` as in `Chat.join`."""
    person = chat.join(**({"stars": 1000} | changes)).app.store.person(chat.id)
    assert person
    chat.app.asking.consent(chat.id, chat.app.now(), given=True)
    if trial:
        chat.app.asking.start_trial(person, chat.app.now())
    return chat


def work(app: FakeApp) -> None:
    """The worker answers what waits in its queue, and a moment passes."""
    for call in app.assistant_work.take():
        if call.clear:
            app.answering.clear(call.user_id)
        else:
            app.answering.answer(call.user_id, call.question_id)
    app.clock.forward(milliseconds=1)


def account(chat: Chat) -> Account:
    return chat.app.questions.account(chat.id)


def asked(chat: Chat) -> list[Question]:
    """All questions of theirs, oldest first."""
    return sorted(chat.app.questions.asked(chat.id, "", limit=100).items, key=lambda each: each.id)


def texts(chat: Chat) -> list[str]:
    """Of their questions, oldest first."""
    return [question.text for question in asked(chat)]
