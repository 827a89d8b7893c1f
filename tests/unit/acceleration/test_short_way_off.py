"""What turns the short way off, for a call, a process or a deployment."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProtocolError, SSLError

from starbid.acceleration import short_way
from starbid.connections import KeptConnections
from starbid.storage import clients
from tests.support.dynamo import CREDENTIALS
from tests.support.wire import FOUND, KEY, THROTTLE, TIMED_OUT, Raw, Wire, client_of


class Lines:
    """In the place of the short way's connections: what comes of each request, and then the last one again."""

    def __init__(self, *outcomes: Exception | None) -> None:
        self.outcomes, self.asked = list(outcomes), 0

    def urlopen(self, *_: Any, **__: Any) -> Any:
        self.asked += 1
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if outcome:
            raise outcome
        return SimpleNamespace(status=200, headers={}, data=b"{}")


@pytest.fixture
def calls_over(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, list[str]]]:
    """Six calls, each answered, by botocore if need be: how many tried the short way, and what the log was told."""

    def call(*outcomes: Exception | None) -> tuple[int, list[str]]:
        lines = Lines(*outcomes)
        told: list[str] = []
        monkeypatch.setattr(KeptConnections, "connection_from_url", lambda *_: lines)
        monkeypatch.setattr(short_way, "tell", told.append)
        answer = json.dumps(FOUND[1]).encode()
        monkeypatch.setattr(
            URLLib3Session, "send", lambda _, sent: AWSResponse(sent.url, 200, HTTPHeaders(), Raw(answer))
        )
        client = client_of(None)
        for _ in range(6):
            client.get_item(TableName="things", Key=KEY)
        return lines.asked, told

    return call


UNTRUSTED = SSLError("certificate verify failed: CA cert does not include key usage extension")


UNREACHED = [UNTRUSTED, NewConnectionError(None, "refused"), ConnectTimeoutError("-")]  # type: ignore[arg-type]


@pytest.mark.parametrize("trouble", UNREACHED)
def test_a_way_that_never_connects_is_left_with_a_line_in_the_log(calls_over: Any, trouble: Exception) -> None:
    assert calls_over(trouble) == (short_way.PATIENCE, [short_way.OFF])


@pytest.mark.parametrize("trouble", UNREACHED)
def test_a_connection_that_comes_about_begins_the_count_again(calls_over: Any, trouble: Exception) -> None:
    assert calls_over(trouble, trouble, None, trouble, trouble, None) == (6, [])


@pytest.mark.parametrize("trouble", [TIMED_OUT, ProtocolError("gone")])
def test_what_is_lost_after_it_was_sent_turns_nothing_off(calls_over: Any, trouble: Exception) -> None:
    assert calls_over(trouble) == (6, [])


def test_a_signer_that_is_another_one_turns_the_short_way_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """In Lambda botocore is the runtime's, which AWS renews: a call must not fail for it, nor the next one."""
    wire, asked = Wire(FOUND, FOUND), []

    def changed(*_: Any) -> None:
        asked.append(1)
        raise TypeError("add_auth() takes another argument")

    client = client_of(wire)
    monkeypatch.setattr(short_way._Signer, "add_auth", changed)
    for _ in range(2):
        assert client.get_item(TableName="things", Key=KEY)["Item"] == KEY
    assert (len(wire.requests), len(asked)) == (2, 1)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Any]]:
    """The process's client of DynamoDB, as its environment asks for it."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    clients.forget_clients()
    yield lambda: clients.client("dynamodb")
    clients.forget_clients()


def tries(client: Any) -> int:
    """How often a call that is throttled each time is sent."""
    wire = Wire(*[THROTTLE] * 9)
    client.meta.events.register("before-send.dynamodb", wire)
    with pytest.raises(ClientError):
        client.get_item(TableName="things", Key=KEY)
    return len(wire.requests)


def not_here(*_: Any, **__: Any) -> None:
    pytest.fail("the short way was taken")


def test_the_process_s_client_takes_the_short_way_and_three_tries(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    short: list[int] = []
    real: Any = short_way._FirstTry.__call__

    def counted(*asked: Any, **more: Any) -> Any:
        short.append(1)
        return real(*asked, **more)

    monkeypatch.setattr(short_way._FirstTry, "__call__", counted)
    assert tries(made()) == 3
    assert short == [1]


def test_the_switch_leaves_all_to_botocore(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAST_PATH", "false")
    monkeypatch.setattr(short_way._FirstTry, "__call__", not_here)
    assert tries(made()) == 3


def test_behind_a_proxy_all_is_left_to_botocore(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test")
    monkeypatch.setattr(short_way._FirstTry, "__call__", not_here)
    assert tries(made()) == 3


def test_a_botocore_without_what_the_short_way_needs_makes_all_calls(
    made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changed(*_: Any) -> None:
        raise AttributeError("'ClientMeta' object has no attribute 'config'")

    monkeypatch.setattr(short_way, "try_first", changed)
    assert tries(made()) == 3
