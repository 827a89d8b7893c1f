from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NoReturn

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from moto import mock_aws
from moto.core.botocore_stubber import MockRawResponse

from scripts.put_secrets import OPTIONAL, MissingSecretError, prefix_of, put_secrets
from starbid.config import NEEDED_SECRETS, SECRETS
from starbid.config_push import PUSH_SECRET
from starbid.config_reader import ConfigError
from starbid.storage import clients
from starbid.storage.secrets import with_secrets
from tests.support.dynamo import CREDENTIALS
from tests.template.conftest import Document

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


class FakeParameterStore:
    """Parameters by name, in pages of two."""

    def __init__(self, **stored: str) -> None:
        self.parameters = {f"/starbid/shop/{name}": value for name, value in stored.items()}

    def get_paginator(self, operation: str) -> FakeParameterStore:
        assert operation == "get_parameters_by_path"
        return self

    def paginate(self, Path: str) -> list[dict[str, Any]]:
        names = [name for name in self.parameters if name.startswith(f"{Path}/")]
        return [{"Parameters": [{"Name": name} for name in names[at : at + 2]]} for at in range(0, len(names) + 1, 2)]

    def put_parameter(self, Name: str, Value: str, Type: str, Overwrite: bool) -> None:
        assert Type == "SecureString"
        assert Overwrite is True
        self.parameters[Name] = Value

    def get_parameter(self, Name: str, WithDecryption: bool) -> dict[str, Any]:
        assert WithDecryption is True
        return {"Parameter": {"Name": Name, "Value": self.parameters[Name]}}

    def value(self, name: str) -> str:
        return self.parameters[f"/starbid/shop/{name}"]


GIVEN = {
    "SECRET_KEY": "sixteen or more.",
    "TELEGRAM_BOT_TOKEN": "1:a",
    "TELEGRAM_WEBHOOK_SECRET": "w" * 256,
}


def put(store: FakeParameterStore, environment: dict[str, str], ask: Callable[[str], str] | None) -> dict[str, str]:
    account: Any = store  # it has the methods of the client that are called
    return put_secrets(account, "shop", environment, ask)


def nobody(name: str) -> NoReturn:
    raise AssertionError(f"asked for {name}")


def test_what_the_environment_gives_is_written() -> None:
    store = FakeParameterStore()
    given = GIVEN | dict.fromkeys(OPTIONAL, "381764678:TEST:12345") | {PUSH_SECRET: "k" * 43}
    outcome = put(store, given, nobody)
    assert outcome == dict.fromkeys(SECRETS, "written")
    assert {name: store.value(name) for name in SECRETS} == given


def test_keys_that_may_be_random_are_made_up_long_and_different() -> None:
    store = FakeParameterStore()
    put(store, {"TELEGRAM_BOT_TOKEN": "1:a"}, lambda _: "")
    assert len(store.value("SECRET_KEY")) >= 32
    assert store.value("SECRET_KEY") != store.value("TELEGRAM_WEBHOOK_SECRET")


def test_what_is_stored_stays_unless_the_environment_gives_another() -> None:
    stored = dict.fromkeys(SECRETS, "old")
    store = FakeParameterStore(**stored)
    outcome = put(store, {"TELEGRAM_BOT_TOKEN": "2:new"}, nobody)
    assert store.value("TELEGRAM_BOT_TOKEN") == "2:new"
    assert store.value("SECRET_KEY") == "old"
    assert [name for name, what in outcome.items() if what == "written"] == ["TELEGRAM_BOT_TOKEN"]


@pytest.mark.parametrize("stored", ["new-one", "new-one,old-one"])
def test_a_shell_that_still_has_the_old_secret_of_the_webhook_does_not_undo_its_change(stored: str) -> None:
    store = FakeParameterStore(TELEGRAM_WEBHOOK_SECRET=stored)
    for given in ("older-one", "old-one", "old-one,new-one"):
        with pytest.raises(ConfigError, match=r"TELEGRAM_WEBHOOK_SECRET.*--rotate") as refused:
            put(store, {"TELEGRAM_BOT_TOKEN": "2:new", "TELEGRAM_WEBHOOK_SECRET": given}, lambda _: "")
        assert given not in str(refused.value)
    assert store.parameters == {"/starbid/shop/TELEGRAM_WEBHOOK_SECRET": stored}


@pytest.mark.parametrize("stored", ["new-one", "new-one,old-one"])
def test_one_that_has_the_secret_which_telegram_sends_changes_nothing(stored: str) -> None:
    store = FakeParameterStore(TELEGRAM_WEBHOOK_SECRET=stored)
    outcome = put(store, {"TELEGRAM_BOT_TOKEN": "2:new", "TELEGRAM_WEBHOOK_SECRET": "new-one"}, lambda _: "")
    assert store.value("TELEGRAM_WEBHOOK_SECRET") == stored
    assert outcome["TELEGRAM_WEBHOOK_SECRET"] == "kept"


def test_what_is_no_secret_of_a_webhook_is_replaced() -> None:
    store = FakeParameterStore(TELEGRAM_WEBHOOK_SECRET="three,secrets,stored")
    put(store, {"TELEGRAM_BOT_TOKEN": "2:new", "TELEGRAM_WEBHOOK_SECRET": "new-one"}, lambda _: "")
    assert store.value("TELEGRAM_WEBHOOK_SECRET") == "new-one"


def test_the_token_is_asked_for() -> None:
    store = FakeParameterStore()
    put(store, {}, lambda name: "1:typed" if name == "TELEGRAM_BOT_TOKEN" else "")
    assert store.value("TELEGRAM_BOT_TOKEN") == "1:typed"


@pytest.mark.parametrize("ask", [None, lambda _: " "])
def test_without_a_token_nothing_is_written(ask: Callable[[str], str] | None) -> None:
    store = FakeParameterStore()
    with pytest.raises(MissingSecretError, match="TELEGRAM_BOT_TOKEN"):
        put(store, {}, ask)
    assert store.parameters == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "fifteen or less"),
        ("TELEGRAM_BOT_TOKEN", "bot123:abc"),
        ("TELEGRAM_WEBHOOK_SECRET", "two words"),
        ("TELEGRAM_WEBHOOK_SECRET", "w" * 257),
        ("PROVIDER_TOKEN", "\udcff"),
        ("TOPUP_QIWI_SECRET_KEY", "two words"),
        ("TOPUP_CRYPTOPAY_TOKEN", "ключ"),
        ("OPENAI_API_KEY", "sk-two words"),
    ],
)
@pytest.mark.parametrize("stored", [{}, dict.fromkeys(SECRETS, "old")])
def test_what_no_function_would_take_is_refused_before_anything_is_written(
    stored: dict[str, str], name: str, value: str
) -> None:
    store = FakeParameterStore(**stored)
    with pytest.raises(ConfigError, match=name) as refused:
        put(store, GIVEN | {name: value}, lambda _: "")
    assert value not in str(refused.value)
    assert store.parameters == {f"/starbid/shop/{each}": was for each, was in stored.items()}


def test_what_is_typed_is_looked_at_too() -> None:
    store = FakeParameterStore()
    with pytest.raises(ConfigError, match="TELEGRAM_BOT_TOKEN"):
        put(store, {}, lambda _: "bot1:a")
    assert store.parameters == {}


def test_what_is_optional_may_be_left_out() -> None:
    outcome = put(FakeParameterStore(), {"TELEGRAM_BOT_TOKEN": "1:a"}, None)
    assert {name for name, what in outcome.items() if what == "not set"} == set(SECRETS) - set(NEEDED_SECRETS)


def test_secrets_are_written_where_the_functions_look_for_them(template: Document) -> None:
    assert template.globals["Environment"]["Variables"]["SSM_PREFIX"] == {"Fn::Sub": prefix_of("${AWS::StackName}")}


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[SSMClient]:
    """An account in which nothing is deployed."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        clients.forget_clients()
        yield boto3.client("ssm")
    clients.forget_clients()


def test_a_function_finds_what_was_written_before_there_was_a_stack(account: SSMClient, template: Document) -> None:
    put_secrets(account, "shop", {"TELEGRAM_BOT_TOKEN": "1:a", "PROVIDER_TOKEN": "1:TEST:a"}, None)
    unset = {"TOPUP_QIWI_SECRET_KEY", "TOPUP_CRYPTOPAY_TOKEN", "OPENAI_API_KEY", *OPTIONAL[-2:]}
    for function in template.functions:
        names = template.environment(function)["GIVEN_SECRETS"]
        found = with_secrets({"SSM_PREFIX": prefix_of("shop"), "GIVEN_SECRETS": names})
        given = {name for name in names.split(",") if name}
        assert {name for name in SECRETS if name in found} == given - unset, function
    kept = account.describe_parameters()["Parameters"]
    assert {parameter["Type"] for parameter in kept} == {"SecureString"}
    assert {parameter["KeyId"] for parameter in kept} == {"alias/aws/ssm"}, "the key that costs nothing"


def test_a_function_without_secrets_asks_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "client", None)
    env = {"SSM_PREFIX": "/starbid/shop", "GIVEN_SECRETS": ""}
    assert with_secrets(env) == env


def test_a_start_waits_where_too_many_start_at_once(account: SSMClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parameter Store allows 40 calls a second per account."""
    put_secrets(account, "shop", {"TELEGRAM_BOT_TOKEN": "1:a"}, None)
    env = {"SSM_PREFIX": prefix_of("shop"), "GIVEN_SECRETS": "TELEGRAM_BOT_TOKEN"}
    waits: list[float] = []
    sent: list[object] = []
    monkeypatch.setattr(time, "sleep", waits.append)

    def refuse(request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        sent.append(request)
        return throttled() if len(sent) < 5 else None

    clients.any_client("ssm").meta.events.register_first("before-send.ssm.GetParameters", refuse)
    assert with_secrets(env)["TELEGRAM_BOT_TOKEN"] == "1:a"
    assert len(waits) == 4
    assert all(0 <= wait <= most for wait, most in zip(waits, (1, 2, 4, 8), strict=True)), "15 s in all, of 25"


def throttled() -> AWSResponse:
    body = MockRawResponse(b'{"__type": "ThrottlingException", "message": "Rate exceeded"}')
    return AWSResponse("https://ssm", 400, HTTPHeaders.from_dict({"content-type": "application/x-amz-json-1.1"}), body)
