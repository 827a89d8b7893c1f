"""Unit tests open no sockets and wait for nothing."""

from collections.abc import Iterator

import pytest
import pytest_socket

from starbid.services import retrying


@pytest.fixture(autouse=True)
def no_sockets() -> Iterator[None]:
    pytest_socket.disable_socket(allow_unix_socket=True)
    yield
    pytest_socket.enable_socket()


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrying, "_BASE_SECONDS", 0)
