"""Selling inside Telegram: its main button leads from step to step, and its back button goes back one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.miniapp import OPEN, Town, telegram_open


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    running = Town(tmp_path_factory.mktemp("miniapp-selling"))
    yield running
    running.stop()


def test_the_main_button_goes_from_step_to_step_and_publishes(playwright: Any, town: Town) -> None:
    with telegram_open(playwright, town, OPEN) as app:
        app.opens("/subscribe")
        app.presses("MainButton")
        app.frame.get_by_text("Your subscription is paid").wait_for()
        app.opens("/new_auction?draft=new")
        frame = app.frame
        frame.locator("#title").fill("A lamp in the frame")
        frame.locator("#description").fill("Gives light.")
        app.taps("MainButton")
        frame.locator('[data-step="price"]:not([hidden])').wait_for()
        app.taps("BackButton")
        frame.locator('[data-step="what"]:not([hidden])').wait_for()
        app.taps("MainButton")
        frame.locator("#start_price").fill("100")
        app.taps("MainButton")
        frame.locator("[data-preview] .preview").wait_for()
        app.presses("MainButton")
        frame.get_by_role("heading", name="A lamp in the frame").wait_for()
        assert app.errors == []
