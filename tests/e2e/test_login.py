""" "Log in with Telegram" in the run as `make run` starts it: the issuer is the one of the run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.town import Town

ISSUER = "/_local/oidc"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    running = Town(tmp_path_factory.mktemp("login"))
    yield running
    running.stop()
