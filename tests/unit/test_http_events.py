"""What functions read of an HTTP API's event."""

from typing import Any

import pytest

from starbid.http_events import body_of, headers_of


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ({"body": "text"}, b"text"),
        ({"body": "звезда"}, "звезда".encode()),
        ({"body": "/w==", "isBase64Encoded": True}, b"\xff"),
        ({"body": None}, b""),
        ({}, b""),
        ({"body": "no base64", "isBase64Encoded": True}, None),
        ({"body": "\udce9"}, None),
    ],
)
def test_a_body_is_the_bytes_that_were_sent(event: dict[str, Any], body: bytes | None) -> None:
    assert body_of(event) == body


def test_headers_are_found_by_small_letters() -> None:
    assert headers_of({"headers": {"X-Api-Signature": "A"}}) == {"x-api-signature": "A"}
    assert headers_of({"headers": None}) == {}
