"""Browsers that take push messages, and the line to their push services."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from starbid.domain.base64url import to_text
from starbid.domain.push_addresses import PushAddress
from starbid.further.push.delivery import Answer, Outcome
from starbid.further.push.guard import Target, checked

TAKEN = Answer(Outcome.TAKEN, "HTTP 201")
GONE = Answer(Outcome.GONE, "HTTP 410")
REFUSED = Answer(Outcome.REFUSED, "HTTP 400")


def later(seconds: int = 30) -> Answer:
    return Answer(Outcome.LATER, "HTTP 503", seconds)


@dataclass
class Reading:
    """A browser with keys of its own, which reads what is sent to it (RFC 8291 from the other side)."""

    name: str
    service: str = "https://push.example.net/to/"
    secret: bytes = b"0123456789abcdef"
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))

    @property
    def address(self) -> PushAddress:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return PushAddress(f"{self.service}{self.name}", point, self.secret)

    @property
    def form(self) -> dict[str, str]:
        """What its page sends."""
        address = self.address
        return {"endpoint": address.endpoint, "p256dh": to_text(address.key), "auth": to_text(address.secret)}

    def read(self, body: bytes) -> bytes:
        """With HMAC alone in the place of HKDF."""
        salt, theirs, sealed = body[:16], body[21 : 21 + body[20]], body[21 + body[20] :]
        assert len(sealed) <= int.from_bytes(body[16:20])
        shared = self.key.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(SECP256R1(), theirs))
        info = b"WebPush: info\0" + self.address.key + theirs + b"\1"
        root = _mac(salt, _mac(_mac(self.secret, shared), info))
        key = _mac(root, b"Content-Encoding: aes128gcm\0\1")[:16]
        nonce = _mac(root, b"Content-Encoding: nonce\0\1")[:12]
        padded = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
        assert padded[-1:] == b"\2"
        return padded[:-1]


def _mac(key: bytes, message: bytes) -> bytes:
    mac = hmac.HMAC(key, hashes.SHA256())
    mac.update(message)
    return mac.finalize()


@dataclass
class FakeLine:
    """In the place of `PushLine`. `answers`: the next ones of each browser, by its name; each other one is taken."""

    browsers: list[Reading]
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    told: list[tuple[str, dict[str, Any], Mapping[str, str]]] = field(default_factory=list)
    """Who got what, and with which headers."""
    tried: list[str] = field(default_factory=list)

    def target(self, endpoint: str) -> Target | Answer:
        return checked(endpoint, lambda host: ["142.250.74.106"])

    def post(self, target: Target, body: bytes, headers: Mapping[str, str], now: datetime) -> Answer:
        name = target.path.rpartition("/")[2]
        self.tried.append(name)
        answer = self.answers[name].pop(0) if self.answers.get(name) else TAKEN
        if answer.outcome is Outcome.TAKEN:
            browser = next(each for each in self.browsers if each.name == name)
            self.told.append((name, json.loads(browser.read(body)), dict(headers)))
        return answer

    def names(self) -> list[str]:
        return [name for name, _, _ in self.told]
