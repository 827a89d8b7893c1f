"""A chat with the bot: the real handler and use cases over fakes."""

import pytest

from starbid import bootstrap
from tests.support.fakes import FakeApp
from webhook import talk

from .chatting import Chat, FakeTelegram, chatting_app


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talk.time, "sleep", lambda _: None)


@pytest.fixture
def telegram() -> FakeTelegram:
    return FakeTelegram()


@pytest.fixture
def app(telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    made = chatting_app(telegram)
    monkeypatch.setattr(bootstrap, "_app", made)
    return made


@pytest.fixture
def anna(app: FakeApp, telegram: FakeTelegram) -> Chat:
    return Chat(app, telegram, 1, name="Anna")


@pytest.fixture
def boris(app: FakeApp, telegram: FakeTelegram) -> Chat:
    return Chat(app, telegram, 2, language="ru", name="Борис")
