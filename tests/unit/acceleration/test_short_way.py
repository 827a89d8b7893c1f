"""Calls to DynamoDB on the short way, and what is left to botocore."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from zlib import crc32

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session
from botocore.session import Session
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProtocolError, ReadTimeoutError, SSLError

from starbid.acceleration import short_way
from starbid.acceleration.short_way import try_first
from starbid.connections import KeptConnections
from starbid.storage import clients
from tests.support.dynamo import CREDENTIALS

KEY = {"id": {"S": "a"}}
THROTTLE = (400, {"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException", "message": "-"})
REFUSAL = (
    400,
    {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "one of them",
        "CancellationReasons": [{"Code": "None"}, {"Code": "ConditionalCheckFailed", "Item": KEY}],
    },
)
FOUND = (200, {"Item": KEY})
UNSIGNED = (400, {"__type": "com.amazon.coral.service#InvalidSignatureException", "message": "-"})


class Raw(BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


class Wire:
    """In the place of the network: the answers in their order, and the requests that were sent."""

    def __init__(self, *answers: tuple[int, dict[str, Any]]) -> None:
        self.answers = list(answers)
        self.requests: list[Any] = []

    def __call__(self, request: Any, **_: Any) -> AWSResponse:
        self.requests.append(request)
        status, body = self.answers.pop(0)
        return AWSResponse(
            request.url, status, HTTPHeaders.from_dict({"x-amzn-requestid": "r"}), Raw(json.dumps(body).encode())
        )


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


def client_of(wire: Wire | None, *, first: bool = True) -> Any:
    session = Session()
    session.set_credentials("key", "secret", "token")
    config = Config(retries={"mode": "standard", "total_max_attempts": 2})
    client = session.create_client("dynamodb", "eu-central-1", config=config, endpoint_url="http://dynamodb.test")
    if wire:
        answering: Any = wire  # botocore's stubs let no listener answer
        client.meta.events.register("before-send.dynamodb", answering)
    if first:
        try_first(client, session)
    return client


def test_a_plain_answer_comes_on_the_first_try() -> None:
    wire = Wire(FOUND)
    answer = client_of(wire).get_item(TableName="things", Key=KEY)
    assert answer["Item"] == KEY
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert len(wire.requests) == 1


def test_a_request_is_the_one_that_botocore_would_send() -> None:
    short, long = Wire(FOUND), Wire(FOUND)
    client_of(short).get_item(TableName="things", Key=KEY)
    client_of(long, first=False).get_item(TableName="things", Key=KEY)
    ours, theirs = short.requests[0], long.requests[0]
    assert (ours.url, ours.body) == (theirs.url, theirs.body)
    for name in ("X-Amz-Target", "Content-Type", "X-Amz-Security-Token"):
        value = theirs.headers[name]
        assert ours.headers[name] == (value.decode() if isinstance(value, bytes) else value)


def test_the_signature_is_that_of_botocores_own_signer() -> None:
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    wire = Wire(FOUND)
    client_of(wire).get_item(TableName="things", Key=KEY)
    sent = wire.requests[0]
    signed = ("Host", "Content-Type", "X-Amz-Target", "Content-Length", "X-Amz-Date", "X-Amz-Security-Token")
    again = AWSRequest(
        "POST", sent.url, {name: sent.headers[name] for name in signed if name in sent.headers}, sent.body
    )
    again.context["timestamp"] = sent.headers["X-Amz-Date"]
    signer = SigV4Auth(Credentials("key", "secret", "token"), "dynamodb", "eu-central-1")
    text = signer.string_to_sign(again, signer.canonical_request(again))
    assert sent.headers["Authorization"].endswith(f"Signature={signer.signature(text, again)}")


@pytest.mark.parametrize("trouble", [THROTTLE, (500, {}), (503, {"message": "-"})])
def test_what_may_pass_is_left_to_botocores_own_tries(trouble: tuple[int, dict[str, Any]]) -> None:
    wire = Wire(trouble, trouble, FOUND)
    assert client_of(wire).get_item(TableName="things", Key=KEY)["Item"] == KEY
    assert len(wire.requests) == 3


def test_a_signature_that_is_refused_is_left_to_botocore_to_make() -> None:
    wire = Wire(UNSIGNED, FOUND)
    assert client_of(wire).get_item(TableName="things", Key=KEY)["Item"] == KEY
    assert len(wire.requests) == 2


def test_what_does_not_pass_fails_after_three_tries() -> None:
    wire = Wire(THROTTLE, THROTTLE, THROTTLE)
    with pytest.raises(ClientError) as failed:
        client_of(wire).get_item(TableName="things", Key=KEY)
    assert failed.value.response["Error"]["Code"] == "ProvisionedThroughputExceededException"
    assert wire.answers == []


def test_a_repeated_write_keeps_its_token() -> None:
    wire = Wire((500, {}), (200, {}))
    client_of(wire).transact_write_items(TransactItems=[{"Delete": {"TableName": "things", "Key": KEY}}])
    first, second = (json.loads(request.body)["ClientRequestToken"] for request in wire.requests)
    assert first == second


def test_a_refusal_is_told_as_botocore_tells_it_and_not_tried_again() -> None:
    told = []
    for first in (True, False):
        wire = Wire(REFUSAL)
        with pytest.raises(ClientError) as refused:
            client_of(wire, first=first).transact_write_items(
                TransactItems=[{"Delete": {"TableName": "things", "Key": KEY}}]
            )
        told.append(refused.value)
        assert len(wire.requests) == 1
    ours, theirs = told
    assert type(ours).__name__ == type(theirs).__name__ == "TransactionCanceledException"
    assert ours.response["Error"] == theirs.response["Error"]
    assert ours.response["CancellationReasons"] == theirs.response["CancellationReasons"]
    assert ours.response["ResponseMetadata"]["HTTPStatusCode"] == 400


TIMED_OUT = ReadTimeoutError(None, "/", "-")  # type: ignore[arg-type]


@pytest.mark.parametrize("trouble", [ProtocolError("gone"), OSError("refused"), TIMED_OUT, ValueError("a header")])
def test_a_lost_connection_is_left_to_botocore(monkeypatch: pytest.MonkeyPatch, trouble: Exception) -> None:
    client, wire = client_of(None), Wire(FOUND)

    def lost(*_: Any) -> Any:
        answering: Any = wire  # botocore's stubs let no listener answer
        client.meta.events.register("before-send.dynamodb", answering)  # from now on there is a network
        raise trouble

    monkeypatch.setattr(short_way._FirstTry, "_sent", lost)
    assert client.get_item(TableName="things", Key=KEY)["Item"] == KEY
    assert len(wire.requests) == 1


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


@pytest.mark.parametrize("content", [b"<html>", b"", b"[]", b"null"])
def test_an_answer_that_is_no_json_object_is_left_to_botocore(content: bytes) -> None:
    class Broken(Wire):
        def __call__(self, request: Any, **_: Any) -> AWSResponse:
            answer = super().__call__(request)
            return AWSResponse(request.url, 200, HTTPHeaders(), Raw(content)) if len(self.requests) == 1 else answer

    wire = Broken((200, {}), FOUND)
    assert client_of(wire).get_item(TableName="things", Key=KEY)["Item"] == KEY
    assert len(wire.requests) == 2


@pytest.mark.parametrize("told", ["1", "none"])
def test_an_answer_that_is_not_the_one_of_its_checksum_is_left_to_botocore(told: str) -> None:
    class Damaged(Wire):
        def __call__(self, request: Any, **_: Any) -> AWSResponse:
            answer = super().__call__(request)
            answer.headers["x-amz-crc32"] = told if len(self.requests) == 1 else str(crc32(answer.content))
            return answer

    wire = Damaged((200, {"Item": {"id": {"S": "damaged"}}}), FOUND, FOUND)
    client = client_of(wire)
    assert client.get_item(TableName="things", Key=KEY)["Item"] == KEY
    assert len(wire.requests) == 2
    assert client.get_item(TableName="things", Key=KEY)["Item"] == KEY
    assert len(wire.requests) == 3, "a right one is believed at once"


def test_another_operation_is_left_to_botocore() -> None:
    wire = Wire((200, {"Table": {"CreationDateTime": 0}}))
    table = client_of(wire).describe_table(TableName="things")["Table"]
    assert table["CreationDateTime"].year == 1970


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
