"""Where a browser takes push messages: its address at a push service, and the keys that only the browser can undo.

What a page sends of it is not to be trusted: anybody who is logged in may name any address and any bytes as keys. Here
it is looked at as far as the text goes; which machine an address leads to is checked when something is sent to it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from starbid.domain.base64url import to_bytes
from starbid.domain.errors import Invalid

LONGEST_ENDPOINT = 1024
"""Characters. The longest known are those of Windows, up to as many."""
MOST_BROWSERS = 5
"""Of one person; the oldest gives way."""
KEY_BYTES, SECRET_BYTES = 65, 16
_PRIME = 2**256 - 2**224 + 2**192 + 2**96 - 1
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_BASE64URL = re.compile(r"[A-Za-z0-9_-]{1,200}={0,2}")
_WRITTEN = re.compile(r"[!-~]+")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
"""A name with a dot, whose last part begins with a letter: no number, in whichever form, is an address."""


@dataclass(frozen=True, slots=True)
class PushAddress:
    """`endpoint`: where the push service takes messages. `key`: a point of P-256, uncompressed. `secret`: 16 bytes."""

    endpoint: str
    key: bytes
    secret: bytes

    @property
    def mark(self) -> str:
        """The same for the same browser, and known only to who knows all of it: 32 of 0-9 a-f."""
        told = b"\0".join((self.endpoint.encode(), self.key, self.secret))
        return hashlib.sha256(told).hexdigest()[:32]


def read_address(endpoint: str, key: str, secret: str, local_service: str = "") -> PushAddress:
    """What a browser's `PushSubscription` says; `key` and `secret` in base64url. Raises Invalid.

    `local_service`: the address of a push service on this machine, which may be addressed though it is none of the
    public ones.
    """
    if not is_endpoint(endpoint, local_service):
        raise Invalid("endpoint", "format")
    point, shared = _decoded(key), _decoded(secret)
    if point is None or not is_point(point):
        raise Invalid("p256dh", "format")
    if shared is None or len(shared) != SECRET_BYTES:
        raise Invalid("auth", "format")
    return PushAddress(endpoint, point, shared)


def is_endpoint(endpoint: str, local_service: str = "") -> bool:
    """https, a host by its name, the usual port, and no name or fragment in it; or of the local service."""
    if len(endpoint) > LONGEST_ENDPOINT or not _WRITTEN.fullmatch(endpoint) or "\\" in endpoint:
        return False
    if local_service and endpoint.startswith(f"{local_service}/"):
        return True
    try:
        parts = urlsplit(endpoint)
        return (
            parts.scheme == "https"
            and "@" not in parts.netloc
            and not parts.fragment
            and _HOST.fullmatch(parts.hostname or "") is not None
            and parts.port in (None, 443)
        )
    except ValueError:
        return False


def is_point(data: bytes) -> bool:
    """Whether it is an uncompressed point on P-256: y² = x³ - 3x + b (SEC 1, 2.3.4)."""
    if len(data) != KEY_BYTES or data[0] != 4:
        return False
    x, y = int.from_bytes(data[1:33]), int.from_bytes(data[33:])
    return x < _PRIME and y < _PRIME and (y * y - (x**3 - 3 * x + _B)) % _PRIME == 0


def _decoded(text: str) -> bytes | None:
    try:
        return to_bytes(text) if _BASE64URL.fullmatch(text) else None
    except ValueError:
        return None
