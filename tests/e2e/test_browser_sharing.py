"""A lot is sent on: from the Mini App as a card that Telegram keeps, from everywhere else as a link into the bot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.e2e.miniapp import OPEN, Town, telegram_open
from tests.e2e.test_browser_miniapp import LOT, POST

PREPARE = "savePreparedInlineMessage"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    running = Town(tmp_path_factory.mktemp("sharing"))
    yield running
    running.stop()


def test_the_button_of_the_mini_app_sends_a_card_or_else_the_link(playwright: Any, town: Town) -> None:
    with telegram_open(playwright, town, OPEN) as app:
        app.opens("/subscribe")
        app.presses("MainButton")
        app.frame.get_by_text("Your subscription is paid").wait_for()
        lot = app.frame.evaluate(POST, ["/auctions", LOT])["id"]
        app.goes_to(f"/auction/{lot}")
        button = app.frame.get_by_role("link", name="Send in Telegram")

        button.click()
        (sent,) = app.calls("shareMessage", least=1)
        assert sent.startswith("prepared-")
        call = town.bot.wait_for(lambda method, _: method == PREPARE)
        assert (call["user_id"], call["result"]["id"]) == ("7", lot)

        town.bot.answer_with(PREPARE, 400, "Bad Request: USER_ID_INVALID")
        town.bot.answer_with(PREPARE, 400, "Bad Request: USER_ID_INVALID")
        button.click()
        (link,) = app.calls("openTelegramLink", least=1)
        assert parse_qs(urlsplit(link).query)["url"] == [f"https://t.me/starbid_bot?start=auction_{lot}"]
        assert len(app.calls("shareMessage")) == 1
        assert app.errors == []
