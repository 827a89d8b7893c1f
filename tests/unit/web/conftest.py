"""What several tests of pages and the API need."""

from __future__ import annotations

import pytest

from tests.support.factories import SELLER, join
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Client


@pytest.fixture
def app() -> FakeApp:
    """A market with nothing but a seller who may sell."""
    app = make_app()
    join(app, SELLER, seller=True, stars=500)
    return app


@pytest.fixture
def seller(app: FakeApp) -> Client:
    return Client(app).log_in(SELLER)


@pytest.fixture
def undecoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """No picture may be decoded, nor opened to that end."""

    def decode(*_: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr("starbid.imaging.decoding._resized", decode)
    monkeypatch.setattr("PIL.Image.open", decode)
