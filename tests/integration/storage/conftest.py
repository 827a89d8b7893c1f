"""The same store, three ways: in memory, on moto (one thread), on the emulator (isolated transactions)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from local.emulator import Emulator
from tests.support.dynamo import CREDENTIALS, dynamo_app
from tests.support.fakes import FakeApp, make_app


@pytest.fixture
def emulated(emulator: Emulator) -> Iterator[FakeApp]:
    with dynamo_app(emulator.endpoint) as app:
        yield app


@pytest.fixture(params=["memory", "moto", "emulator"])
def any_app(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An App over each of the stores: what one of them refuses, all refuse."""
    if request.param == "memory":
        yield make_app()
    elif request.param == "moto":
        for name, value in CREDENTIALS.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
        with mock_aws(), dynamo_app(None) as app:
            yield app
    else:
        yield from _on(request.getfixturevalue("emulator"))


def _on(emulator: Emulator) -> Iterator[FakeApp]:
    with dynamo_app(emulator.endpoint) as app:
        yield app
