"""Values that leave us and come back: signed, each for its purpose, so that none can be used as another."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from itsdangerous import URLSafeSerializer

LONGEST = 1000


def signed(payload: Mapping[str, Any], secret: str, purpose: str) -> str:
    """Everybody who has it can read it; at most LONGEST characters can be read again."""
    return str(_serializer(secret, purpose).dumps(payload))


def unsigned(value: str | None, secret: str, purpose: str) -> dict[str, Any]:
    """What was signed; empty for anything else."""
    if not value or len(value) > LONGEST:
        return {}
    from itsdangerous import BadData

    try:
        payload = _serializer(secret, purpose).loads(value)
    except BadData:
        return {}
    return payload if isinstance(payload, dict) else {}


@lru_cache(maxsize=8)
def _serializer(secret: str, purpose: str) -> URLSafeSerializer:
    from itsdangerous import URLSafeSerializer

    return URLSafeSerializer(secret, salt=f"starbid.{purpose}", signer_kwargs={"digest_method": hashlib.sha256})
