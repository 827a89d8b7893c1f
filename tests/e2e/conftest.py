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
    tab = Tab(browser, town, town.anna)
    yield tab
    assert tab.errors == []
    tab.context.close()


@pytest.fixture
def seller(browser: Any, town: Town) -> Iterator[Tab]:
    tab = Tab(browser, town, town.seller)
    yield tab
    assert tab.errors == []
    tab.context.close()
