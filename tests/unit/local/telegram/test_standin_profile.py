"""What people see of the bot, and where its updates go: as `make webhook` tells it, and as Telegram keeps it."""

from typing import Any

import pytest

from starbid.i18n import language
from starbid.telegram import registration
from starbid.telegram.bot_api import BotApi
from starbid.telegram.registration import Outcome, introduce
from tests.support.bot_pool import Answer
from tests.support.fakes import make_app
from tests.unit.local.telegram.conftest import World

ONE = [{"command": "one", "description": "One"}]
TWO = [{"command": "two", "description": "Two"}]
PRIVATE = {"type": "all_private_chats"}


class Wire:
    """The stand-in in the place of a connection pool."""

    def __init__(self, world: World) -> None:
        self.world, self.methods = world, list[str]()

    def request(self, verb: str, url: str, fields: dict[str, Any], encode_multipart: bool) -> Answer:
        assert (verb, encode_multipart) == ("POST", False)
        method = url.rpartition("/")[2]
        self.methods.append(method)
        answer = self.world.client.post(f"/api/bot{self.world.token}/{method}", data=fields)
        return Answer(answer.status_code, answer.data)


def test_a_bot_introduces_itself_once_and_then_finds_all_as_it_should_be(world: World) -> None:
    wire = Wire(world)
    bot = BotApi(world.token, "https://api.telegram.org", test=False)
    bot._request._pool = wire  # type: ignore[assignment]
    settings = make_app({"BASE_URL": "https://bid.example", "ADMIN_IDS": f"{world.anna},900"}).settings
    outcome = introduce(bot, settings)
    assert {name for name, what in outcome.items() if what is Outcome.ABSENT} == {
        "commands of admin 900, en",
        "commands of admin 900, ru",
    }
    assert outcome["commands, ru"] is outcome["description, en"] is outcome["menu button"] is Outcome.SET
    wire.methods.clear()
    assert Outcome.SET not in introduce(bot, settings).values()
    assert all(method.startswith("get") for method in wire.methods)
    assert world.chat(world.anna)["commands"][0]["command"] == "admin"
    assert world.chat(world.boris)["commands"][0] == {"command": "menu", "description": "Меню"}
    assert world.chat(world.boris)["description"] == registration.description(language("ru"))
    assert world.chat(world.anna)["description"] == registration.description(language("en"))


def test_the_narrowest_list_of_the_persons_language_is_shown(world: World) -> None:
    def shown() -> list[str]:
        return [each["command"] for each in world.chat(world.boris)["commands"]]

    steps: list[tuple[dict[str, Any], str]] = [
        ({}, "a"),
        ({"language_code": "ru"}, "b"),
        ({"scope": PRIVATE}, "c"),
        ({"scope": PRIVATE, "language_code": "ru"}, "d"),
        ({"scope": {"type": "chat", "chat_id": world.boris}}, "e"),
        ({"scope": {"type": "chat", "chat_id": world.boris}, "language_code": "ru"}, "f"),
    ]
    for where, name in steps:
        world.ok("setMyCommands", commands=[{"command": name, "description": "x"}], **where)
        assert shown() == [name]
    for (where, _), (_, before) in zip(steps[:0:-1], steps[-2::-1], strict=True):
        world.ok("deleteMyCommands", **where)
        assert shown() == [before]
    world.ok("setMyCommands", commands=[])
    assert shown() == []


def test_each_scope_and_language_is_told_apart(world: World) -> None:
    world.ok("setMyCommands", commands=ONE)
    world.ok("setMyCommands", commands=TWO, scope=PRIVATE, language_code="ru")
    assert world.ok("getMyCommands") == ONE
    assert world.ok("getMyCommands", scope=PRIVATE) == []
    assert world.ok("getMyCommands", scope=PRIVATE, language_code="ru") == TWO


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"commands": [ONE[0]] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [{"command": "a", "description": "x" * 257}]}, "DESCRIPTION_INVALID"),
        ({"commands": [{"command": "a b", "description": "x"}]}, "COMMAND_INVALID"),
        ({"commands": ONE, "language_code": "russian"}, "language code"),
        ({"commands": ONE, "scope": {"type": "everybody"}}, "BotCommandScope"),
        ({"commands": ONE, "scope": "x"}, "can't parse"),
        ({"commands": ONE, "scope": {"type": "chat", "chat_id": 5}}, "chat not found"),
        ({"commands": ONE, "scope": {"type": "chat"}}, "chat not found"),
    ],
)
def test_a_list_that_telegram_would_not_take_is_refused(world: World, fields: dict[str, Any], words: str) -> None:
    status, said = world.refusal("setMyCommands", **fields)
    assert (status, words in said) == (400, True), said


def test_a_list_for_somebody_who_never_opened_the_chat_is_refused(world: World) -> None:
    stranger = world.client.post("/people", json={"first_name": "Vera"}).json["id"]
    scope = {"type": "chat", "chat_id": stranger}
    assert "chat not found" in world.refusal("setMyCommands", commands=ONE, scope=scope)[1]
    world.say("/start", stranger)
    assert world.ok("setMyCommands", commands=ONE, scope=scope)


def test_what_the_bot_says_of_itself_has_its_lengths_and_languages(world: World) -> None:
    for name, most in (("Description", 512), ("ShortDescription", 120)):
        field = "description" if most == 512 else "short_description"
        assert world.ok(f"setMy{name}", **{field: "x" * most})
        assert world.ok(f"setMy{name}", **{field: "Привет"}, language_code="ru")
        assert world.refusal(f"setMy{name}", **{field: "x" * (most + 1)})[0] == 400
        assert world.ok(f"getMy{name}") == {field: "x" * most}
        assert world.ok(f"getMy{name}", language_code="ru") == {field: "Привет"}
    assert world.chat(world.boris)["description"] == "Привет"
    world.ok("setMyDescription", description="", language_code="ru")
    assert world.chat(world.boris)["description"] == "x" * 512


def test_updates_come_with_the_secret_that_was_told_last(world: World) -> None:
    def secret() -> str | None:
        world.say("hello")
        return world.webhook.headers[-1].get("X-Telegram-Bot-Api-Secret-Token")

    assert secret() == "hush"
    world.ok("setWebhook", url="https://a.b/x", secret_token="new-one", max_connections=7)
    assert secret() == "new-one"
    assert world.ok("getWebhookInfo")["max_connections"] == 7
    world.ok("setWebhook", url="https://a.b/x")
    assert secret() is None
    world.reopen()
    assert secret() == "hush", "that of the local run"


def test_what_comes_while_there_is_no_webhook_waits_for_the_next_one(world: World) -> None:
    world.ok("deleteWebhook")
    assert world.person(world.anna, "messages", text="one").status_code == 201
    assert not world.stand_in.drain(0.2)
    assert world.ok("getWebhookInfo")["pending_update_count"] == 1
    world.ok("setWebhook", url="https://a.b/x", secret_token="s")
    assert world.drain()
    assert [message["text"] for message in world.webhook.of("message")] == ["one"]


def test_what_waits_can_be_dropped(world: World) -> None:
    world.ok("setWebhook", url="")
    world.person(world.anna, "messages", text="one")
    world.ok("deleteWebhook", drop_pending_updates=True)
    assert world.ok("getWebhookInfo")["pending_update_count"] == 0
    world.ok("setWebhook", url="https://a.b/x")
    world.say("two")
    assert [message["text"] for message in world.webhook.of("message")] == ["two"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"secret_token": "two words"}, "unallowed characters"),
        ({"secret_token": "a,b"}, "unallowed characters"),
        ({"secret_token": "x" * 257}, "unallowed characters"),
        ({"max_connections": 0}, "max_connections"),
        ({"max_connections": 101}, "max_connections"),
        ({"allowed_updates": "message"}, "allowed_updates"),
    ],
)
def test_a_webhook_that_telegram_would_not_take_is_refused(world: World, fields: dict[str, Any], words: str) -> None:
    status, said = world.refusal("setWebhook", url="https://a.b/x", **fields)
    assert (status, words in said) == (400, True), said
    world.say("hello")
    assert world.webhook.headers[-1]["X-Telegram-Bot-Api-Secret-Token"] == "hush"
