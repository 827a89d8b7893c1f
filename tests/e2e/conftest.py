"""One run of the product for each module that asks for it, and tabs of the people in it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.tab import Tab
from tests.e2e.town import Town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    running = Town(tmp_path_factory.mktemp("town"))
    yield running
    running.stop()


@pytest.fixture
def anna(browser: Any, town: Town) -> Iterator[Tab]:
    with Tab(browser, town, town.anna) as tab:
        yield tab


@pytest.fixture
def seller(browser: Any, town: Town) -> Iterator[Tab]:
    with Tab(browser, town, town.seller) as tab:
        yield tab
