"""The same store: in memory, on moto (one thread), on the emulator (isolated transactions).

The emulator is called the fast way (FAST_PATH) and by botocore alone. Moto replaces the sending itself: once is enough.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from moto import mock_aws

from local.emulator import Emulator
from tests.support.dynamo import CREDENTIALS, DynamoApp, dynamo_app
from tests.support.fakes import StagedApp, make_app

FAST, PLAIN = "fast way", "botocore alone"


@pytest.fixture(params=[FAST, PLAIN])
def emulated(
    request: pytest.FixtureRequest, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DynamoApp]:
    monkeypatch.setenv("FAST_PATH", str(request.param == FAST).lower())
    with dynamo_app(emulator.endpoint) as app:
        yield app


@pytest.fixture(params=["idempotency", "moto", f"emulator, {FAST}", f"emulator, {PLAIN}"])
def any_app(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[StagedApp]:
    """An App over each of the stores: what one of them refuses, all refuse."""
    if request.param == "idempotency":
        yield make_app()
    elif request.param == "moto":
        for name, value in CREDENTIALS.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
        with mock_aws(), dynamo_app(None) as app:
            yield app
    else:
        monkeypatch.setenv("FAST_PATH", str(request.param.endswith(FAST)).lower())
        with dynamo_app(request.getfixturevalue("emulator").endpoint) as app:
            yield app
