"""The Bot API over a fake of its server."""

import pytest

from tests.support.bot_pool import FakeTelegram


@pytest.fixture
def telegram() -> FakeTelegram:
    return FakeTelegram()
