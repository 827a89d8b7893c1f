"""Who we are to a push service: VAPID, RFC 8292. A token for each push service, signed with ES256."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from starbid.domain.base64url import to_bytes, to_text
from starbid.further.push.encryption import public_bytes

LIFE = timedelta(hours=12)
"""Of a token. RFC 8292 allows 24 hours, and clocks differ."""
_FRESH = timedelta(hours=1)
"""A token is used again while it has so much left at least: services look at few of them, which lets them cache."""
_MOST_KEPT = 32


class WrongKeys(Exception):
    """The private key is not that of the public key, which browsers have subscribed to."""


class Vapid:
    """Signs for one pair of keys."""

    def __init__(self, private_key: str, public_key: str, subject: str) -> None:
        """Keys in base64url: a number of 32 bytes, and the point of 65 bytes. `subject`: `mailto:` or `https:`, whom a
        push service may write to. Raises WrongKeys.
        """
        self._key, self._public, self._subject = read_private_key(private_key), public_key, subject
        if to_text(public_bytes(self._key.public_key())) != public_key:
            raise WrongKeys("VAPID_PRIVATE_KEY is not that of VAPID_PUBLIC_KEY")
        self._tokens: dict[str, tuple[datetime, str]] = {}

    def authorization(self, origin: str, now: datetime) -> str:
        """The header `Authorization` of a message to this push service (`scheme://host[:port]`)."""
        until, token = self._tokens.get(origin, (now, ""))
        if until - now < _FRESH or until - now > LIFE:
            if len(self._tokens) >= _MOST_KEPT:
                self._tokens.clear()
            until = now + LIFE
            token = self._signed(origin, until)
            self._tokens[origin] = until, token
        return f"vapid t={token}, k={self._public}"

    def _signed(self, origin: str, until: datetime) -> str:
        said = signing_input(origin, until, self._subject)
        r, s = decode_dss_signature(self._key.sign(said.encode(), ECDSA(SHA256())))
        return f"{said}.{to_text(r.to_bytes(32) + s.to_bytes(32))}"


def signing_input(origin: str, until: datetime, subject: str) -> str:
    """Header and claims of the token, without its signature."""
    claims: dict[str, object] = {"aud": origin, "exp": int(until.timestamp()), "sub": subject}
    return f"{_packed({'typ': 'JWT', 'alg': 'ES256'})}.{_packed(claims)}"


def _packed(part: dict[str, object]) -> str:
    return to_text(json.dumps(part, separators=(",", ":")).encode())


def read_private_key(text: str) -> EllipticCurvePrivateKey:
    """Raises ValueError."""
    return derive_private_key(int.from_bytes(to_bytes(text)), SECP256R1())


def new_keys() -> tuple[str, str]:
    """A private and its public key."""
    key = generate_private_key(SECP256R1())
    private = key.private_numbers().private_value.to_bytes(32)
    return to_text(private), to_text(public_bytes(key.public_key()))
