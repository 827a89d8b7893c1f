"""The issuer's keys, and the ID tokens that it signs, or spoils, with them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SPOILS = ("issuer", "audience", "nonce", "expired", "early", "signature", "key", "unsigned", "hs256")
"""What can be wrong with a token. `key`: signed by one that nobody knows; `unsigned`: and says so; `hs256`: the
public key taken for a secret."""
_DAY = 86_400


class TokenMaker:
    """Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._number = 0
        self._key = self._made()

    def rotate(self) -> None:
        """From now on tokens are signed with a new key, and the set has that one alone."""
        with self._lock:
            self._key = self._made()

    def key_set(self) -> dict[str, Any]:
        """The public half (RFC 7517)."""
        with self._lock:
            return {"keys": [self._public()]}

    def key_id(self) -> str:
        with self._lock:
            return self._name()

    def token(self, claims: Mapping[str, Any], spoil: str = "") -> str:
        """In compact form (RFC 7515), by RS256 unless it is spoiled."""
        claims = _spoiled(claims, spoil)
        with self._lock:
            header = {
                "alg": {"unsigned": "none", "hs256": "HS256"}.get(spoil, "RS256"),
                "kid": self._name(),
                "typ": "JWT",
            }
            signed = f"{_part(header)}.{_part(claims)}"
            return f"{signed}.{_encoded(self._signature(signed.encode(), spoil))}"

    def _signature(self, signed: bytes, spoil: str) -> bytes:
        if spoil == "unsigned":
            return b""
        if spoil == "hs256":
            pem = self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            return hmac.new(pem, signed, hashlib.sha256).digest()
        key = generate_private_key(65537, 2048) if spoil == "key" else self._key
        signature = key.sign(signed, PKCS1v15(), SHA256())
        return bytes([signature[0] ^ 1]) + signature[1:] if spoil == "signature" else signature

    def _made(self) -> RSAPrivateKey:
        self._number += 1
        return generate_private_key(65537, 2048)

    def _name(self) -> str:
        return f"local-{self._number}"

    def _public(self) -> dict[str, str]:
        numbers = self._key.public_key().public_numbers()
        told = {name: _encoded(_bytes(number)) for name, number in (("n", numbers.n), ("e", numbers.e))}
        return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self._name(), **told}


def _spoiled(claims: Mapping[str, Any], spoil: str) -> dict[str, Any]:
    changes: dict[str, dict[str, Any]] = {
        "issuer": {"iss": "https://oauth.example.org"},
        "audience": {"aud": "another-client"},
        "nonce": {"nonce": "of-another-login"},
        "expired": {"iat": claims["iat"] - _DAY, "exp": claims["exp"] - _DAY},
        "early": {"iat": claims["iat"] + _DAY, "exp": claims["exp"] + _DAY},
    }
    return {**claims, **changes.get(spoil, {})}


def _part(value: Mapping[str, Any]) -> str:
    return _encoded(json.dumps(value, ensure_ascii=False).encode())


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8)
