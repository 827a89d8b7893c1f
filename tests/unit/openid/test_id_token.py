"""Taking an ID token apart: whatever comes, it is read or refused."""

from __future__ import annotations

import base64
import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbid.domain.openid import IdTokenRefused
from starbid.openid.id_token import LONGEST_TOKEN, read_token


def part(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def token(header: Any, claims: Any, signature: bytes = b"s") -> str:
    return f"{part(header)}.{part(claims)}.{part(signature)}"


def test_its_parts_are_found() -> None:
    written = token({"alg": "RS256", "kid": "a"}, {"id": 7})
    found = read_token(written)
    assert (found.algorithm, found.key_id, found.claims, found.signature) == ("RS256", "a", {"id": 7}, b"s")
    assert found.signed.decode() == written.rpartition(".")[0]
    assert read_token(token({"alg": "none"}, {}, b"")).key_id == ""


@pytest.mark.parametrize(
    "written",
    [
        None,
        7,
        "",
        "a.b",
        "a.b.c.d",
        token({"alg": 5}, {}),
        token({}, {}),
        token({"alg": "RS256", "kid": 5}, {}),
        token({"alg": "RS256", "crit": ["exp"]}, {}),
        token([], {}),
        token({"alg": "RS256"}, [1]),
        token({"alg": "RS256"}, b"{"),
        token({"alg": "RS256"}, b'{"id": 7, "id": 8}'),
        token({"alg": "RS256"}, b"\xff"),
        token({"alg": "RS256"}, b"[" * 5000),
        token({"alg": "RS256"}, {}) + "=",
        token({"alg": "RS256"}, {"name": "x" * LONGEST_TOKEN}),
    ],
)
def test_what_is_none_is_refused(written: Any) -> None:
    with pytest.raises(IdTokenRefused, match="form"):
        read_token(written)


@given(st.text(alphabet='abcAB01_-.=+/ {}"é', max_size=200))
def test_no_text_is_a_fault_of_ours(written: str) -> None:
    with contextlib.suppress(IdTokenRefused):
        read_token(written)
