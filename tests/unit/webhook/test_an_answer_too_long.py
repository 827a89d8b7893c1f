"""The net below all screens: an answer that would be too long for Telegram comes all the same, cut, and the log tells.

No screen is meant to need it: see test_longest_texts.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from starbid.telegram import keyboards
from starbid.telegram.html import MAX_TEXT, parsed_units
from webhook.conversation import Conversation
from webhook.registry import screens

from .chatting import Chat

LINE = "<b>&amp; " + "x" * 98 + "</b>"
ENDLESS = "\n".join([LINE] * 60)
WAYS: dict[str, Callable[[Conversation], object]] = {
    "said": lambda chat: chat.say(ENDLESS),
    "asked": lambda chat: chat.prompt(ENDLESS, (keyboards.go("Back", "menu"),)),
    "shown": lambda chat: chat.show(ENDLESS),
    "concluded": lambda chat: chat.conclude(ENDLESS),
}


@pytest.fixture(params=WAYS)
def overlong(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """`/terms` knows no end."""
    monkeypatch.setitem(screens.commands, "terms", lambda chat, _rest: WAYS[request.param](chat))


@pytest.mark.usefixtures("overlong")
def test_it_comes_as_a_message(anna: Chat, caplog: pytest.LogCaptureFixture) -> None:
    assert anna.say("/terms") == 200
    assert anna.words == "\n".join([LINE] * 40) + "\n…"
    assert parsed_units(anna.words) <= MAX_TEXT
    assert "an answer was longer than Telegram takes" in caplog.text


@pytest.mark.usefixtures("overlong")
def test_it_comes_in_the_place_of_a_screen(anna: Chat) -> None:
    anna.say("/menu")
    assert anna.press_data("go:terms", anna.last) == 200
    assert anna.words.endswith("</b>\n…")
