"""`make webhook`: what it sets, what it checks, what it says."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import urllib3
from moto import mock_aws

from scripts.put_secrets import put_secrets
from scripts.webhook import __main__ as command
from starbid import bootstrap
from starbid.observability import scrubbed
from starbid.services.ports import TryLater
from starbid.storage import clients
from starbid.storage.secrets import webhook_secrets
from starbid.telegram.webhook_secrets import Undecided, WebhookSecrets
from tests.support.bot_pool import TOKEN, Answer, FakeTelegram, bad_request, bot, timeout
from tests.support.dynamo import CREDENTIALS
from tests.support.fakes import FakeApp, make_app
from webhook.app import lambda_handler

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

Command = Callable[..., tuple[int, str]]
"""Runs it with these words; the exit code, and what it says."""
STACK = "shop"
PATH = f"/starbid/{STACK}/TELEGRAM_WEBHOOK_SECRET"
SITE = "https://bid.example"
HOOK = f"{SITE}/telegram/webhook"
NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
VARIABLES = {
    "BASE_URL": SITE,
    "TELEGRAM_BOT_USERNAME": "starbid_bot",
    "ADMIN_IDS": "900",
    "SSM_PREFIX": f"/starbid/{STACK}",
    "SECRET_KEY": "",  # as `sam local` needs them
    "TELEGRAM_BOT_TOKEN": "",
    "TELEGRAM_WEBHOOK_SECRET": "",
}


class Functions:
    """Lambda, asked for the webhook's settings."""

    def __init__(self) -> None:
        self.variables = dict(VARIABLES)

    def get_function_configuration(self, FunctionName: str) -> dict[str, Any]:
        assert FunctionName == f"{STACK}-webhook"
        return {"Environment": {"Variables": self.variables}}


@pytest.fixture
def functions() -> Functions:
    return Functions()


@pytest.fixture
def telegram(monkeypatch: pytest.MonkeyPatch) -> FakeTelegram:
    fake = FakeTelegram()
    monkeypatch.setattr(command, "BotApi", lambda token, base_url, test: bot(fake))
    return fake


@pytest.fixture
def ssm(monkeypatch: pytest.MonkeyPatch) -> Iterator["SSMClient"]:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        clients.forget_clients()
        made = boto3.client("ssm")
        put_secrets(made, STACK, {"TELEGRAM_BOT_TOKEN": TOKEN}, None)
        yield made
    clients.forget_clients()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the command has waited, each time."""
    made: list[float] = []
    monkeypatch.setattr("time.sleep", made.append)
    return made


@pytest.fixture
def hook(ssm: "SSMClient", telegram: FakeTelegram, waits: list[float], monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    """The webhook is there: a process that has read what is stored, and looks again where it must."""
    prefix = VARIABLES["SSM_PREFIX"]
    process = WebhookSecrets(webhook_secrets(prefix), lambda: webhook_secrets(prefix), lambda: 5_000 + sum(waits))
    app = make_app({}, bot=bot(telegram), webhook_secrets=process)
    monkeypatch.setattr(bootstrap, "_app", app)

    def request(method: str, url: str, **sent: Any) -> Answer:
        assert (method, url) == ("POST", HOOK)
        answer = lambda_handler({"headers": sent["headers"], "body": sent["body"].decode()}, None)
        return Answer(answer["statusCode"], b"")

    monkeypatch.setattr(urllib3, "request", request)
    return app


@pytest.fixture
def run(
    functions: Functions, ssm: "SSMClient", hook: FakeApp, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Any]:
    def make(*words: str, env: dict[str, str] | None = None) -> tuple[int, str]:
        asked = command.read_arguments(["--stack", STACK, *words])
        lambda_: Any = functions
        code = command.run(lambda_, ssm, asked, env or {}, NOW)
        return code, capsys.readouterr().out

    return make


def stored(ssm: "SSMClient") -> str:
    return ssm.get_parameter(Name=PATH, WithDecryption=True)["Parameter"]["Value"]


def changes(telegram: FakeTelegram) -> list[str]:
    return [method for method, _ in telegram.calls if not method.startswith("get")]


def line(out: str, what: str) -> str:
    return next(each for each in out.splitlines() if each[3:].startswith(what))


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
        ({"max_connections": 1}, "webhook: parallel"),
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


def test_the_secret_is_changed_and_all_is_right_after_it(
    run: Command, telegram: FakeTelegram, ssm: "SSMClient", waits: list[float]
) -> None:
    run()
    old = telegram.profile.secret
    code, out = run("--rotate")
    assert code == 0, out
    assert telegram.profile.secret == stored(ssm) != old
    assert len(waits) == 2
    assert old not in out
    assert stored(ssm) not in out
    kept = ssm.describe_parameters()["Parameters"]
    assert {parameter["Type"] for parameter in kept} == {"SecureString"}


def test_a_change_that_stops_between_two_steps_is_said_by_the_next_check_and_ended_by_the_next_run(
    run: Command, telegram: FakeTelegram, ssm: "SSMClient"
) -> None:
    run()
    telegram.fail("setWebhook", timeout())
    with pytest.raises(TryLater):
        run("--rotate")
    old, new = stored(ssm).split(",")
    assert telegram.profile.secret == old
    assert "was not finished" in line(run("--check")[1], "webhook: secret")
    assert run("--rotate")[0] == 0
    assert stored(ssm) == telegram.profile.secret
    assert stored(ssm) not in (old, new)


def test_a_process_that_looks_again_takes_what_is_stored_and_keeps_it_out_of_its_log(
    hook: FakeApp, ssm: "SSMClient"
) -> None:
    ssm.put_parameter(Name=PATH, Value="the-first-secret,the-second-one", Type="SecureString", Overwrite=True)
    assert hook.webhook_secrets.accepts("the-second-one")
    assert hook.webhook_secrets.accepts("the-first-secret")
    assert scrubbed("sent the-second-one, not the-first-secret") == "sent ***, not ***"


@pytest.mark.parametrize("value", ["two words,stored", "a,b,c", ","])
def test_a_process_that_reads_what_is_no_secret_goes_on_with_what_it_knows(
    hook: FakeApp, ssm: "SSMClient", value: str
) -> None:
    known = stored(ssm)
    ssm.put_parameter(Name=PATH, Value=value, Type="SecureString", Overwrite=True)
    with pytest.raises(Undecided):
        hook.webhook_secrets.accepts("another")
    assert hook.webhook_secrets.accepts(known)
    ssm.delete_parameter(Name=PATH)
    assert hook.webhook_secrets.accepts(known)


@pytest.fixture
def main(
    ssm: "SSMClient", functions: Functions, hook: FakeApp, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:  # fmt: skip
    """The command as it is called; what it says of a fault."""
    monkeypatch.setattr(boto3, "client", lambda name, **_: {"lambda": functions, "ssm": ssm}[name])

    def call(*words: str) -> tuple[int, str]:
        code = command.main(["--stack", STACK, *words])
        return code, capsys.readouterr().err

    return call


def test_a_token_that_telegram_does_not_know_is_said_in_clear_words(main: Command, telegram: FakeTelegram) -> None:
    telegram.fail("*", Answer(401, {"ok": False, "error_code": 401, "description": "Unauthorized"}), times=9)
    code, said = main()
    assert code == 1
    assert "does not know the stored bot token" in said
    assert TOKEN not in said


def test_a_telegram_that_does_not_answer_is_said(main: Command, telegram: FakeTelegram) -> None:
    telegram.fail("setWebhook", timeout())
    code, said = main()
    assert code == 1
    assert "run it again" in said


def test_a_stored_secret_that_no_function_would_take_is_named_and_not_shown(main: Command, ssm: "SSMClient") -> None:
    ssm.put_parameter(Name=PATH, Value="three,secrets,stored", Type="SecureString", Overwrite=True)
    code, said = main()
    assert code == 1
    assert "TELEGRAM_WEBHOOK_SECRET" in said
    assert "stored" not in said.replace("is stored", "")


def test_a_stack_that_is_not_there_is_named(
    main: Command, functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    from botocore.exceptions import ClientError

    def missing(FunctionName: str) -> None:
        raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "no"}}, "GetFunctionConfiguration")

    monkeypatch.setattr(functions, "get_function_configuration", missing)
    code, said = main()
    assert code == 1
    assert f"called {STACK}" in said
