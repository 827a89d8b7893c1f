from collections.abc import Callable

import pytest

from starbid import bootstrap
from tests.support.fakes import FakeApp, make_app


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    """The App that handlers get from `app()`."""
    fake = make_app()
    use(fake, monkeypatch)
    return fake


def use(fake: FakeApp, monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    monkeypatch.setattr(bootstrap, "_app", fake)
    return fake


@pytest.fixture
def put_in_place(monkeypatch: pytest.MonkeyPatch) -> Callable[[FakeApp], FakeApp]:
    """Puts another App in the place of the process's."""
    return lambda fake: use(fake, monkeypatch)
