"""Everybody is answered, however long their titles and lists are: every command and step, in both languages.

What is sent is judged by the Bot API's contract (tests.support.bot_watch), which a text that is too long breaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.support.busy import NAME_UNITS, deals_of_every_step, settle_down
from tests.support.fakes import ENVIRONMENT, FakeApp
from webhook import questions
from webhook.registry import screens

from .chatting import Chat, FakeTelegram

OPERATOR = int(ENVIRONMENT["ADMIN_IDS"])
"""Commands of operators are commands, too."""
SIGNS = {"letters": "Щ", "escaped": "&"}
LONGEST_SAID = 4096
DEALS = [
    "own live", "live", "falling", "sealed", "to start",
    *(f"{side}, {step}" for side in ("sold", "bought")
      for step in ("waits", "delivered", "disputed", "answered", "completed", "a thing")),
]  # fmt: skip
_OWN_FACTS = re.compile(r"[0-9a-z]{12,}|\d+")
"""Of a button: which lot, which page, how much."""


@pytest.fixture(autouse=True)
def no_net(monkeypatch: pytest.MonkeyPatch) -> None:
    """A screen that needs the net fails here."""
    monkeypatch.setattr("webhook.conversation.shortened", lambda text: text)


@pytest.fixture(params=["en", "ru"])
def code(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=SIGNS)
def sign(request: pytest.FixtureRequest) -> str:
    return SIGNS[request.param]


@pytest.fixture
def chat(app: FakeApp, telegram: FakeTelegram, code: str, sign: str) -> Chat:
    return Chat(app, telegram, OPERATOR, code, name=sign * NAME_UNITS)


def is_answered(chat: Chat, say: str = "", press: str = "") -> None:
    before = len(chat.telegram.calls)
    status = chat.press_data(press, chat.last) if press else chat.say(say)
    assert status == 200, press or say[:40]
    assert len(chat.telegram.calls) > before, f"{press or say[:40]} is met with silence"


def presses(chat: Chat, seen: set[str]) -> Iterator[str]:
    """What the buttons of the last message do; of those that do the same with other lots, one."""
    for data in list(chat.buttons().values()):
        kind = _OWN_FACTS.sub("*", data)
        if not data.startswith(("https:", "go:")) and kind not in seen:
            seen.add(kind)
            yield data


def walk(chat: Chat, sign: str, depth: int, seen: set[str]) -> None:
    """Press every button, and those that come of it; answer at greatest length where something is asked."""
    for data in presses(chat, seen):
        is_answered(chat, press=data)
        if questions.stored(chat.app.scratch, chat.id, chat.app.now()).newest(chat.app.now()):
            is_answered(chat, say=sign * LONGEST_SAID)
        if depth:
            walk(chat, sign, depth - 1, seen)


@pytest.mark.parametrize("command", sorted(screens.commands))
def test_every_command_of_one_who_has_all_there_is_is_answered(
    app: FakeApp, chat: Chat, sign: str, command: str
) -> None:
    settle_down(app, OPERATOR, sign, language=str(chat.user["language_code"]))
    is_answered(chat, say=f"/{command}")
    walk(chat, sign, 0, set())


@pytest.mark.parametrize("deal", DEALS)
def test_every_step_of_a_lot_with_the_longest_words_is_answered(app: FakeApp, chat: Chat, sign: str, deal: str) -> None:
    lots = deals_of_every_step(app, OPERATOR, sign, language=str(chat.user["language_code"]))
    assert list(lots) == DEALS
    is_answered(chat, say=f"/auction_{lots[deal]}")
    walk(chat, sign, 2, set())
