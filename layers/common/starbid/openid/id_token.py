"""An ID token as it comes: a JWS in compact form (RFC 7515), taken apart without believing any of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starbid.domain.openid import IdTokenRefused
from starbid.openid.signatures import to_bytes

LONGEST_TOKEN = 16_384


@dataclass(frozen=True, slots=True)
class UncheckedToken:
    """`key_id`: empty where it names no key. `claims` prove nothing before `signature` was checked over `signed`."""

    algorithm: str
    key_id: str
    claims: Mapping[str, Any]
    signed: bytes
    signature: bytes


def read_token(text: object) -> UncheckedToken:
    """Raises IdTokenRefused."""
    try:
        if not isinstance(text, str) or len(text) > LONGEST_TOKEN:
            raise ValueError("no token")
        head, body, signature = text.split(".")
        header, claims = _object(head), _object(body)
        algorithm, key_id = header.get("alg"), header.get("kid", "")
        if not isinstance(algorithm, str) or not isinstance(key_id, str) or "crit" in header:
            raise ValueError("a header that is not understood")
        return UncheckedToken(algorithm, key_id, claims, f"{head}.{body}".encode(), to_bytes(signature))
    except (ValueError, RecursionError):
        raise IdTokenRefused("form") from None


def _object(part: str) -> dict[str, Any]:
    found = json.loads(to_bytes(part).decode(), object_pairs_hook=_once)
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Who names something twice means two readers to understand two things."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name that stands there twice")
    return found
