"""A chat with the bot: the real handler and use cases over fakes."""

import pytest

from starbid import bootstrap
from starbid.domain.lots import Lot
from tests.support.factories import SELLER, put_up
from tests.support.fakes import ENVIRONMENT, FakeApp

from .chatting import Chat, FakeTelegram, chatting_app


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


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


@pytest.fixture
def seller(app: FakeApp, telegram: FakeTelegram) -> Chat:
    return Chat(app, telegram, SELLER)


@pytest.fixture
def admin(app: FakeApp, telegram: FakeTelegram) -> Chat:
    return Chat(app, telegram, int(ENVIRONMENT["ADMIN_IDS"]), name="Ada").join()


@pytest.fixture
def lot(app: FakeApp, anna: Chat, boris: Chat) -> Lot:
    """Anna and Boris have 10 000 each; the step is 10, the start 100."""
    anna.join(stars=10_000)
    boris.join(stars=10_000)
    made = put_up(app, bid_step=10, buy_now_price=900)
    app.run_streams()
    return made
