"""What the push service keeps: the messages that came, and how it answers the next ones. It all ends with the run."""

from __future__ import annotations

import json
import secrets
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from local.stand_in import Refusal
from starbid.domain.base64url import to_bytes

MOST_KEPT, MOST_BODY = 200, 4096
GOOD = "201"
ANSWERS = {
    GOOD: "It takes messages",
    "404": "404: there is no such browser",
    "410": "410: the browser is gone",
    "413": "413: the message is too long",
    "429": "429: too many messages, Retry-After 7",
    "503": "503: it is down",
    "301": "A redirect to another address",
}
REST_SECONDS = 7


class Unproven(Exception):
    """Who sends is not who the browser subscribed to; the message says why."""


@dataclass(frozen=True, slots=True)
class PushedMessage:
    """`headers`: those of RFC 8030 and 8292 that came with it, in small letters. `body` is for the browser alone."""

    number: int
    token: str
    at: datetime
    headers: Mapping[str, str]
    body: bytes


class PushService:
    """Threads may share it. `public_key`: whose messages are taken, in base64url; `origin` is that of the service."""

    def __init__(self, public_key: str, origin: str) -> None:
        self._public_key, self._origin = public_key, origin
        self._lock = threading.Lock()
        self._messages: deque[PushedMessage] = deque(maxlen=MOST_KEPT)
        self._number = 0
        self._next, self._lasts = GOOD, False

    def subscribe(self) -> str:
        """The last part of the address of a new browser."""
        return secrets.token_urlsafe(24)

    def prove(self, authorization: str, now: datetime) -> None:
        """RFC 8292, 2 and 4.2. Raises Unproven."""
        scheme, _, rest = authorization.partition(" ")
        given = dict(part.strip().partition("=")[::2] for part in rest.split(","))
        if scheme.lower() != "vapid" or given.get("k") != self._public_key:
            raise Unproven("another key than the one subscribed to")
        said, _, signature = given.get("t", "").rpartition(".")
        try:
            raw = to_bytes(signature)
            der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
            key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), to_bytes(given["k"]))
            key.verify(der, said.encode(), ECDSA(SHA256()))
            head, claims = (json.loads(to_bytes(part)) for part in said.split("."))
            until = datetime.fromtimestamp(int(claims["exp"]), now.tzinfo)
        except (ValueError, KeyError, TypeError, InvalidSignature) as error:
            raise Unproven(f"no token that can be read ({type(error).__name__})") from error
        if head.get("alg") != "ES256" or claims.get("aud") != self._origin:
            raise Unproven("a token for another service")
        if not now < until <= now + timedelta(hours=24):
            raise Unproven("a token that is over, or lasts for more than a day")
        if not str(claims.get("sub", "")).startswith(("mailto:", "https:")):
            raise Unproven("nobody to write to")

    def take(self, token: str, headers: Mapping[str, str], body: bytes, now: datetime) -> PushedMessage:
        """Keep a message; it is delivered at once, so none takes the place of another."""
        with self._lock:
            self._number += 1
            message = PushedMessage(self._number, token, now, headers, body)
            self._messages.append(message)
            return message

    def messages(self) -> list[PushedMessage]:
        """All that came, newest first."""
        with self._lock:
            return list(reversed(self._messages))

    def tell(self, answer: str, *, lasts: bool) -> None:
        """How to answer the next message, or all until it is told otherwise. Raises Refusal."""
        if answer not in ANSWERS:
            raise Refusal("There is no such answer.")
        with self._lock:
            self._next, self._lasts = answer, lasts

    def expected(self) -> tuple[str, bool]:
        with self._lock:
            return self._next, self._lasts

    def take_answer(self) -> str:
        with self._lock:
            answer = self._next
            if not self._lasts:
                self._next = GOOD
            return answer
