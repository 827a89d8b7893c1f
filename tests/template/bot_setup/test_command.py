"""`make webhook`: what it sets and what it checks."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import urllib3

from starbid.telegram.webhook_secrets import WebhookSecrets
from tests.support.bot_pool import TOKEN, FakeTelegram, bad_request
from tests.support.fakes import FakeApp
from tests.template.bot_setup.conftest import HOOK, NOW, Command, Functions, changes, line, stored

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


def test_a_new_bot_is_told_everything_and_all_of_it_is_right(
    run: Command, telegram: FakeTelegram, ssm: "SSMClient"
) -> None:
    code, out = run(env={"TELEGRAM_MAX_CONNECTIONS": "7"})
    assert code == 0, out
    assert all(each.startswith("ok") for each in out.splitlines()), out
    (told,) = telegram.called("setWebhook")
    assert (told["url"], int(told["max_connections"])) == (HOOK, 7)
    assert {"subscription", "stopped_message_generation", "message"} <= set(told["allowed_updates"])
    assert "drop_pending_updates" not in told
    assert told["secret_token"] == stored(ssm)
    assert stored(ssm) not in out
    assert TOKEN not in out


def test_a_second_run_tells_telegram_only_the_secret_which_it_never_shows(run: Command, telegram: FakeTelegram) -> None:
    run()
    telegram.calls.clear()
    code, _ = run()
    assert (code, changes(telegram)) == (0, ["setWebhook"])


def test_a_check_changes_nothing_and_fails_where_something_differs(run: Command, telegram: FakeTelegram) -> None:
    code, out = run("--check")
    assert code == 1
    assert changes(telegram) == []
    assert "differs" in line(out, "commands, en")
    assert "none; wanted: " + HOOK in line(out, "webhook: address")
    run()
    telegram.calls.clear()
    assert run("--check")[0] == 0
    assert changes(telegram) == []


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ({"url": "https://other.example/telegram/webhook"}, "webhook: address"),
        ({"allowed_updates": ["message"]}, "webhook: updates"),
        ({"allowed_updates": []}, "webhook: updates"),
        ({"has_custom_certificate": True}, "webhook: certificate"),
    ],
)
def test_a_webhook_that_somebody_else_has_set_is_wrong(
    run: Command, telegram: FakeTelegram, told: dict[str, Any], what: str
) -> None:
    run()
    telegram.profile.webhook |= told
    code, out = run("--check")
    assert code == 1
    assert [each for each in out.splitlines() if each.startswith("X")] == [line(out, what)]


@pytest.mark.parametrize("way", [(), ("--rotate",)])
def test_how_many_updates_come_at_once_stays_where_the_shell_does_not_say(
    run: Command, telegram: FakeTelegram, way: tuple[str, ...]
) -> None:
    run(env={"TELEGRAM_MAX_CONNECTIONS": "5"})
    code, out = run(*way)
    assert code == 0, out
    assert {int(told["max_connections"]) for told in telegram.called("setWebhook")} == {5}
    assert line(out, "webhook: parallel").endswith("  5")


def test_a_bot_without_a_webhook_gets_the_usual_number(run: Command, telegram: FakeTelegram) -> None:
    run()
    assert int(telegram.called("setWebhook")[0]["max_connections"]) == 40


def test_another_number_than_the_shell_says_is_wrong(run: Command) -> None:
    run(env={"TELEGRAM_MAX_CONNECTIONS": "5"})
    code, out = run("--check", env={"TELEGRAM_MAX_CONNECTIONS": "7"})
    assert code == 1
    assert line(out, "webhook: parallel").startswith("X")
    assert "5; wanted: 7" in out


@pytest.mark.parametrize(
    ("age", "mark", "words"),
    [
        (timedelta(minutes=2), "! ", "2 min ago"),
        (timedelta(minutes=59), "! ", "59 min ago"),
        (timedelta(hours=1), "ok", "1 h ago"),
        (timedelta(days=7), "ok", "7 d ago"),
        (timedelta(seconds=-5), "! ", "0 min ago"),  # Telegram's clock is ahead
    ],
)
def test_an_error_of_the_last_hour_is_pointed_out_and_an_old_one_only_told(
    run: Command, telegram: FakeTelegram, age: timedelta, mark: str, words: str
) -> None:
    said = "Wrong response from the webhook: 403 Forbidden"
    telegram.profile.webhook |= {"last_error_date": int((NOW - age).timestamp()), "last_error_message": said}
    code, out = run()
    assert code == 0, "it may be over"
    assert line(out, "webhook: last error").startswith(mark)
    assert f"{words}: {said}" in out
    assert ("another secret" in out) == (mark == "! ")


def test_many_updates_that_wait_are_pointed_out(run: Command, telegram: FakeTelegram) -> None:
    telegram.profile.webhook["pending_update_count"] = 101
    assert line(run()[1], "webhook: waiting").startswith("! ")
    telegram.profile.webhook["pending_update_count"] = 100
    assert line(run()[1], "webhook: waiting").startswith("ok")


def test_what_only_botfather_can_change_is_pointed_out(
    run: Command, telegram: FakeTelegram, functions: Functions
) -> None:
    telegram.profile.me |= {"supports_inline_queries": False, "can_join_groups": False}
    functions.variables["ADMIN_CHAT_ID"] = "-1001"
    code, out = run()
    assert code == 0
    assert "/setinline" in line(out, "inline mode")
    assert "/setjoingroups" in line(out, "groups")


def test_the_token_of_another_bot_is_wrong(run: Command, telegram: FakeTelegram) -> None:
    telegram.profile.me["username"] = "another_bot"
    code, out = run("--check")
    assert code == 1
    assert "@another_bot" in line(out, "bot")


def test_an_admin_who_has_not_started_the_bot_is_named(run: Command, telegram: FakeTelegram) -> None:
    telegram.profile.strangers = {900}
    code, out = run()
    assert code == 0
    assert "has not started the bot" in line(out, "commands of admin 900, en")


def test_a_list_that_telegram_refuses_is_wrong(run: Command, telegram: FakeTelegram) -> None:
    telegram.fail("setMyCommands", bad_request("BOT_COMMANDS_TOO_MUCH"))
    code, out = run()
    assert code == 1
    assert "refuses it" in line(out, "commands, en")


@pytest.mark.parametrize("address", ["https://unknown-until-deployed.invalid", "http://bid.example"])
@pytest.mark.parametrize("way", [(), ("--check",)])
def test_an_address_that_telegram_cannot_reach_is_wrong_and_not_told(
    run: Command,
    telegram: FakeTelegram,
    functions: Functions,
    address: str,
    way: tuple[str, ...],
) -> None:
    functions.variables["BASE_URL"] = address
    code, out = run(*way)
    assert code == 1
    assert line(out, "address").startswith("X")
    assert telegram.called("setWebhook") == []


def test_a_function_that_does_not_take_the_stored_secret_is_wrong(run: Command, hook: FakeApp) -> None:
    hook.__dict__["webhook_secrets"] = WebhookSecrets(("another",))
    code, out = run()
    assert code == 1
    assert line(out, "webhook: answers").startswith("X")


def test_a_site_that_does_not_answer_is_wrong(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise urllib3.exceptions.NewConnectionError(None, "refused")  # type: ignore[arg-type]

    monkeypatch.setattr(urllib3, "request", refuse)
    assert run()[0] == 1
