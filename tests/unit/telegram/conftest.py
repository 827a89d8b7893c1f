"""The Bot API over a fake of its server."""

import pytest

from tests.unit.webhook.chatting import FakeTelegram


@pytest.fixture
def telegram() -> FakeTelegram:
    return FakeTelegram()
