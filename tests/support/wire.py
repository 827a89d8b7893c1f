"""In the place of DynamoDB's network: answers in their order, and a client that gets them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.session import Session
from urllib3.exceptions import ReadTimeoutError

from starbid.acceleration.short_way import try_first

KEY = {"id": {"S": "a"}}


THROTTLE = (400, {"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException", "message": "-"})


FOUND = (200, {"Item": KEY})


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


TIMED_OUT = ReadTimeoutError(None, "/", "-")  # type: ignore[arg-type]
