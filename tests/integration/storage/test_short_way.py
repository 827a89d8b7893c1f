"""The short way to DynamoDB answers what botocore's own way answers, with the trimmed models and with its own."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from botocore.exceptions import ClientError

from starbid.acceleration import models, short_way
from starbid.acceleration.build import trim_models
from starbid.storage import clients
from starbid.storage.codec import decode, encode
from tests.integration.test_connections import server
from tests.support.dynamo import CREDENTIALS, join, put_up
from tests.support.factories import ANNA, SELLER

EVERYTHING = {
    "user_id": 77,
    "text": "Лампа",
    "empty": "",
    "number": -(10**17),
    "flag": False,
    "nothing": [None],
    "list": [1, "a", [True, {"deep": []}]],
    "map": {"S": "a key like a kind", "inner": {"n": 0}},
    "set": frozenset({"a", "b"}),
}
"""Whatever the codec knows."""
ONCE = pytest.mark.parametrize("emulated", ["fast way"], indirect=True)
"""Each of these takes all ways itself."""


@pytest.fixture
def ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], dict[str, Any]]:
    """Makes a client for each way and each kind of models; to be called where an environment leads to a database."""

    def make() -> dict[str, Any]:
        trim_models.main(tmp_path)
        monkeypatch.setattr(models, "MODELS", tmp_path)
        sessions = {"own models": clients.session(), "trimmed models": models.trimmed_session()}
        makers = {
            "botocore alone": partial(clients.plain, "dynamodb"),
            "short way": partial(short_way.client, clients.plain),
        }
        return {f"{way}, {which}": make(of) for which, of in sessions.items() for way, make in makers.items()}

    return make


@ONCE
def test_all_ways_answer_the_same(emulated: Any, ways: Any) -> None:
    join(emulated, SELLER, seller=True)
    join(emulated, ANNA, stars=1000)
    lot_id = put_up(emulated).auction.id
    tables = emulated.store.tables
    user, wallet = {"user_id": {"N": str(ANNA)}}, {"user_id": {"N": str(ANNA)}, "currency": {"S": "XTR"}}
    taken = {"ConditionExpression": "attribute_not_exists(user_id)", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    calls: list[tuple[str, dict[str, Any]]] = [
        ("get_item", {"TableName": tables["users"], "Key": user}),
        ("get_item", {"TableName": tables["users"], "Key": {"user_id": {"N": "999"}}}),
        (
            "batch_get_item",
            {"RequestItems": {tables["users"]: {"Keys": [user]}, tables["wallets"]: {"Keys": [wallet]}}},
        ),
        (
            "query",
            {
                "TableName": tables["auctions"],
                "KeyConditionExpression": "auction_id = :id",
                "ExpressionAttributeValues": {":id": {"S": lot_id}},
                "Limit": 1,
            },
        ),
        ("put_item", {"TableName": tables["users"], "Item": user, **taken}),
        ("transact_write_items", {"TransactItems": [{"Put": {"TableName": tables["users"], "Item": user, **taken}}]}),
        ("get_item", {"TableName": "no-such-table", "Key": user}),
    ]
    first, *others = ways().items()
    for name, request in calls:
        for way, client in others:
            assert _told(client, name, request) == _told(first[1], name, request), (name, way)


@ONCE
def test_every_kind_of_value_comes_back_as_it_was_from_either_writer(emulated: Any, ways: Any) -> None:
    table, key = emulated.store.tables["users"], encode({"user_id": 77})
    for way, writer in ways().items():
        writer.put_item(TableName=table, Item=encode(EVERYTHING | {"by": way}))
        for other, reader in ways().items():
            got = reader.get_item(TableName=table, Key=key, ConsistentRead=True)["Item"]
            assert decode(got) == EVERYTHING | {"by": way}, (way, other)


def _told(client: Any, name: str, request: dict[str, Any]) -> Any:
    try:
        answer = getattr(client, name)(**request)
    except ClientError as error:
        told = dict(error.response)
        return type(error).__name__, told["Error"], told.get("CancellationReasons"), told.get("Item"), _status(told)
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}, _status(answer)


def _status(answer: Any) -> int:
    return int(answer["ResponseMetadata"]["HTTPStatusCode"])


BODY = json.dumps({"Item": {"user_id": {"N": "1"}}}).encode()
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nx-amz-crc32: %d\r\n\r\n%b" % (len(BODY), crc32(BODY), BODY)


@pytest.mark.parametrize("odd", [
    b"", b"HTTP/1.1 2", WHOLE[:30], WHOLE[:-1], WHOLE.replace(b'"1"', b'"2"'), b"<html>\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 101 + b"Content-Length: 2\r\n\r\n{}",
    b"HTTP/1.1 503 -\r\nContent-Length: 2\r\n\r\n{}",
])  # fmt: skip
def test_after_an_odd_or_half_answer_botocore_asks_again(odd: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [odd, WHOLE]

    def play(connection: socket.socket) -> None:
        while answers and _request(connection):
            answer = answers.pop(0)
            connection.sendall(answer)
            if answer is odd:
                return

    with server(play) as (url, met):
        for name, value in {**CREDENTIALS, "AWS_ENDPOINT_URL": url}.items():
            monkeypatch.setenv(name, value)
        clients.forget_clients()
        try:
            answer = clients.client("dynamodb").get_item(TableName="users", Key={"user_id": {"N": "1"}})
        finally:
            clients.forget_clients()
    assert answer["Item"] == {"user_id": {"N": "1"}}
    assert len(met) == 2


def _request(connection: socket.socket) -> bytes:
    """One with a JSON object as its body; nothing where the other side hung up."""
    got = b""
    while not got.endswith(b"}"):
        part = connection.recv(65536)
        if not part:
            return b""
        got += part
    return got
