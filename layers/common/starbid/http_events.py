"""Events of an HTTP API (payload version 2) as their functions read them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any


def headers_of(event: Mapping[str, Any]) -> dict[str, str]:
    """By their names in small letters."""
    return {name.lower(): value for name, value in (event.get("headers") or {}).items()}


def body_of(event: Mapping[str, Any]) -> bytes | None:
    """The body as it was sent, empty without one; None where it cannot be read."""
    body = event.get("body") or ""
    try:
        return base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
    except (binascii.Error, ValueError):
        return None
