"""Unit tests open no sockets, wait for nothing, and leave nothing to chance."""

from collections.abc import Generator, Iterator

import pytest
import pytest_socket

from starbid.services import retrying
from tests.support.chance import chance_of


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Tokens on pages and ids are the same in every run: none contains the digits that a test looks for, or all do."""
    with chance_of(item.nodeid):
        return (yield)


@pytest.fixture(autouse=True)
def no_sockets() -> Iterator[None]:
    pytest_socket.disable_socket(allow_unix_socket=True)
    yield
    pytest_socket.enable_socket()


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrying, "_BASE_SECONDS", 0)
