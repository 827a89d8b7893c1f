"""`make webhook` over a stack in memory: its settings, its secrets, its bot, and the real handler of updates."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import urllib3
from moto import mock_aws

from scripts.put_secrets import put_secrets
from scripts.webhook import __main__ as command
from starbid import bootstrap
from starbid.storage import clients
from starbid.storage.secrets import webhook_secrets
from starbid.telegram.webhook_secrets import WebhookSecrets
from tests.support.bot_pool import TOKEN, Answer, FakeTelegram, bot
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
def run(functions: Functions, ssm: "SSMClient", hook: FakeApp, capsys: pytest.CaptureFixture[str]) -> Command:
    def make(*words: str, env: dict[str, str] | None = None) -> tuple[int, str]:
        asked = command.read_arguments(["--stack", STACK, *words])
        lambda_: Any = functions
        code = command.run(lambda_, ssm, asked, env or {}, NOW)
        return code, capsys.readouterr().out

    return make


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


def stored(ssm: "SSMClient") -> str:
    return ssm.get_parameter(Name=PATH, WithDecryption=True)["Parameter"]["Value"]


def changes(telegram: FakeTelegram) -> list[str]:
    return [method for method, _ in telegram.calls if not method.startswith("get")]


def line(out: str, what: str) -> str:
    return next(each for each in out.splitlines() if each[3:].startswith(what))
