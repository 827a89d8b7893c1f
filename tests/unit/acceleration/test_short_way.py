"""Calls to DynamoDB on the short way, and what is left to botocore."""

from __future__ import annotations

import json
from typing import Any
from zlib import crc32

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError
from urllib3.exceptions import ProtocolError

from starbid.acceleration import short_way
from tests.support.wire import FOUND, KEY, THROTTLE, TIMED_OUT, Raw, Wire, client_of

REFUSAL = (
    400,
    {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "one of them",
        "CancellationReasons": [{"Code": "None"}, {"Code": "ConditionalCheckFailed", "Item": KEY}],
    },
)
UNSIGNED = (400, {"__type": "com.amazon.coral.service#InvalidSignatureException", "message": "-"})


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
