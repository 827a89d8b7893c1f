"""One run of the product for each module that asks for it."""

from collections.abc import Iterator

import pytest

from tests.e2e.town import Town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    running = Town(tmp_path_factory.mktemp("town"))
    yield running
    running.stop()
