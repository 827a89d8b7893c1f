"""Random acts never wait."""

import pytest

from starbid.services import retrying


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrying, "_BASE_SECONDS", 0)
