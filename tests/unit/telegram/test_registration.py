"""What Telegram keeps of the bot: told in both languages, only where it differs, and never more than it takes."""

import json
import re
from importlib import import_module
from typing import Any

import pytest

from starbid.config import Settings
from starbid.domain.people import LANGUAGES
from starbid.i18n import language
from starbid.telegram import registration
from starbid.telegram.registration import Outcome, description, introduce, short_description
from tests.support.bot_contract import check_call
from tests.support.bot_pool import FakeTelegram, bad_request, bot
from tests.support.bot_rules import Breach
from tests.support.fakes import make_app
from webhook.registry import screens

import_module("webhook.screens")  # where all of them register

NOT_LISTED = {"start", "stars", "watch", "admin"}
"""The way in, two second names, and what only operators have."""
PRIVATE = {"type": "all_private_chats"}
WRITES = ("setMyCommands", "deleteMyCommands", "setMyDescription", "setMyShortDescription", "setChatMenuButton")


def settings(**environment: str) -> Settings:
    return make_app({"BASE_URL": "https://bid.example", "ASSISTANT_ENABLED": "true"} | environment).settings


@pytest.fixture
def telegram() -> FakeTelegram:
    return FakeTelegram()


def listed(telegram: FakeTelegram, scope: dict[str, Any] | None, code: str | None) -> list[str]:
    """The commands that were told last for a scope and language."""
    calls = [call for call in telegram.called("setMyCommands")
             if (call.get("scope"), call.get("language_code")) == (scope, code)]  # fmt: skip
    return [each["command"] for each in calls[-1]["commands"]] if calls else []


def writes(telegram: FakeTelegram) -> list[str]:
    return [method for method, _ in telegram.calls if method in WRITES]


def test_everybody_has_the_commands_in_their_language_and_groups_have_none(telegram: FakeTelegram) -> None:
    introduce(bot(telegram), settings())
    english = listed(telegram, PRIVATE, None)
    assert english == listed(telegram, PRIVATE, "ru")
    assert {"menu", "auctions", "sell", "profile", "settings", "help"} <= set(english)
    assert "admin" not in english
    for scope in (None, {"type": "all_group_chats"}):
        assert listed(telegram, scope, None) == listed(telegram, scope, "ru") == []


def test_an_admin_finds_their_own_command_first_in_their_own_chat(telegram: FakeTelegram) -> None:
    introduce(bot(telegram), settings(ADMIN_IDS="900,901"))
    for admin in (900, 901):
        for code in (None, "ru"):
            commands = listed(telegram, {"type": "chat", "chat_id": admin}, code)
            assert commands == ["admin", *listed(telegram, PRIVATE, code)]


@pytest.mark.parametrize("offered", [True, False])
def test_what_is_listed_is_what_the_bot_understands(telegram: FakeTelegram, offered: bool) -> None:
    introduce(bot(telegram), settings(ASSISTANT_ENABLED=str(offered).lower()))
    expected = set(screens.commands) | {"cancel"}
    assert set(listed(telegram, PRIVATE, None)) == expected - NOT_LISTED - (set() if offered else {"ask"})


def test_what_it_says_of_itself_is_there_in_both_languages(telegram: FakeTelegram) -> None:
    introduce(bot(telegram), settings())
    for method, field in (("setMyDescription", "description"), ("setMyShortDescription", "short_description")):
        english, russian = telegram.called(method)
        assert "language_code" not in english
        assert russian["language_code"] == "ru"
        assert re.search("[а-я]", russian[field])
        assert not re.search("[а-я]", english[field])


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_text_is_longer_than_telegram_takes(code: str) -> None:
    """It counts in UTF-16."""
    words = language(code)
    for text, most in ((description(words), 512), (short_description(words), 120)):
        assert 0 < len(text.encode("utf-16-le")) // 2 <= most
        assert "!" not in text
    commands = registration.operators_commands(words, registration.commands(words, with_helper=True))
    assert len(commands) <= 100
    assert len({name for name, _ in commands}) == len(commands)
    for name, about in commands:
        assert re.fullmatch("[a-z0-9_]{1,32}", name)
        assert 1 <= len(about) <= 40, "more is cut off on a phone"


@pytest.mark.parametrize(
    ("method", "fields", "words"),
    [
        ("setMyDescription", {"description": "x" * 513}, "513 characters"),
        ("setMyShortDescription", {"short_description": "x" * 121}, "121 characters"),
        ("setMyCommands", {"commands": json.dumps([{"command": "a", "description": "x"}] * 101)}, "101 items"),
        ("setMyCommands", {"commands": json.dumps([{"command": "a", "description": "x" * 257}])}, "257 characters"),
    ],
)
def test_what_is_too_long_fails_in_every_test_that_tells_it(method: str, fields: dict[str, str], words: str) -> None:
    with pytest.raises(Breach, match=words):
        check_call(method, fields)


def test_a_second_time_nothing_is_told(telegram: FakeTelegram) -> None:
    assert set(introduce(bot(telegram), settings()).values()) == {Outcome.SET, Outcome.SAME}
    telegram.calls.clear()
    assert set(introduce(bot(telegram), settings()).values()) == {Outcome.SAME}
    assert writes(telegram) == []


def test_only_what_differs_is_told_again(telegram: FakeTelegram) -> None:
    introduce(bot(telegram), settings())
    bot(telegram).set_description("Something that somebody typed at @BotFather", "ru")
    bot(telegram).set_commands([("old", "An old list")], None, None)
    telegram.calls.clear()
    outcome = introduce(bot(telegram), settings())
    assert [name for name, what in outcome.items() if what is Outcome.SET] == [
        "commands elsewhere, en",
        "description, ru",
    ]
    assert writes(telegram) == ["deleteMyCommands", "setMyDescription"]


def test_an_admin_who_has_not_opened_the_chat_keeps_nobody_from_theirs(telegram: FakeTelegram) -> None:
    telegram.profile.strangers = {900}
    outcome = introduce(bot(telegram), settings(ADMIN_IDS="900,901"))
    absent = {name for name, what in outcome.items() if what is Outcome.ABSENT}
    assert absent == {"commands of admin 900, en", "commands of admin 900, ru"}
    assert listed(telegram, {"type": "chat", "chat_id": 901}, "ru")


def test_what_telegram_refuses_is_said_with_its_words_and_the_rest_is_told(telegram: FakeTelegram) -> None:
    telegram.fail("setMyCommands", bad_request("BOT_COMMANDS_TOO_MUCH"))
    entries = list(registration.entries(bot(telegram), settings()))
    outcomes = [registration.settle(entry, change=True) for entry in entries]
    assert [said for what, said in outcomes if what is Outcome.REFUSED] == ["Bot_commands_too_much"]
    assert len(telegram.called("setMyDescription")) == 2


@pytest.mark.parametrize(("base_url", "calls"), [("https://bid.example", 1), ("http://127.0.0.1:8000", 0)])
def test_the_menu_button_opens_the_site_where_that_is_on_https(
    telegram: FakeTelegram, base_url: str, calls: int
) -> None:
    introduce(bot(telegram), settings(BASE_URL=base_url))
    assert len(telegram.called("setChatMenuButton")) == calls
    for call in telegram.called("setChatMenuButton"):
        assert call["menu_button"]["web_app"]["url"] == "https://bid.example/"
