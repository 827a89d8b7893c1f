"""Signatures checked with public keys. The library is in a layer of those who check, and takes 14 ms to import: that
is done here, when there is something to check.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from starbid.domain import base64url

LEAST_RSA_BITS, MOST_RSA_BITS = 2048, 8192
_COORDINATE = 32
"""Bytes of a number of P-256, of which a signature of ES256 has two."""
_ED25519_KEY = 32
_BASE64URL = re.compile("[A-Za-z0-9_-]*")


class UnusableKey(ValueError):
    """A key that is malformed, too weak, or for something else."""


def to_bytes(text: object) -> bytes:
    """Of base64url without padding, as JOSE writes it; raises ValueError for anything else."""
    if not isinstance(text, str) or not _BASE64URL.fullmatch(text):
        raise ValueError("no base64url")
    return base64url.to_bytes(text)


def is_signed(algorithm: str, key: Mapping[str, Any], signed: bytes, signature: bytes) -> bool:
    """Whether a key (a JWK, RFC 7517) signed this by RS256, ES256 or EdDSA. Raises UnusableKey, also for a key that is
    not of the algorithm's kind: so no public key can ever be taken for a shared secret.
    """
    check = _CHECKS.get((algorithm, str(key.get("kty")), str(key.get("crv", ""))))
    if check is None or key.get("use", "sig") != "sig" or key.get("alg", algorithm) != algorithm:
        raise UnusableKey("not of this algorithm")
    from cryptography.exceptions import InvalidSignature

    try:
        check(key, signed, signature)
    except InvalidSignature:
        return False
    except (ValueError, KeyError) as error:
        raise UnusableKey("malformed") from error
    return True


def is_signed_by_ed25519(public_key: bytes, signed: bytes, signature: bytes) -> bool:
    """RFC 8032. `public_key`: 32 bytes."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _rsa(key: Mapping[str, Any], signed: bytes, signature: bytes) -> None:
    """RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518, 3.3)."""
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
    from cryptography.hazmat.primitives.hashes import SHA256

    exponent, modulus = (int.from_bytes(to_bytes(key[name])) for name in ("e", "n"))
    if not LEAST_RSA_BITS <= modulus.bit_length() <= MOST_RSA_BITS:
        raise ValueError("too small, or too large")
    RSAPublicNumbers(exponent, modulus).public_key().verify(signature, signed, PKCS1v15(), SHA256())


def _p256(key: Mapping[str, Any], signed: bytes, signature: bytes) -> None:
    """ECDSA with P-256 and SHA-256, its two numbers one after the other (RFC 7518, 3.4)."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicNumbers
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA256

    x, y = (int.from_bytes(to_bytes(key[name])) for name in ("x", "y"))
    public = EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()
    if len(signature) != 2 * _COORDINATE:
        raise InvalidSignature
    numbers = (int.from_bytes(signature[:_COORDINATE]), int.from_bytes(signature[_COORDINATE:]))
    public.verify(encode_dss_signature(*numbers), signed, ECDSA(SHA256()))


def _ed25519(key: Mapping[str, Any], signed: bytes, signature: bytes) -> None:
    """RFC 8037."""
    from cryptography.exceptions import InvalidSignature

    public = to_bytes(key["x"])
    if len(public) != _ED25519_KEY:
        raise ValueError("no key of Ed25519")
    if not is_signed_by_ed25519(public, signed, signature):
        raise InvalidSignature


_CHECKS: Mapping[tuple[str, str, str], Callable[[Mapping[str, Any], bytes, bytes], None]] = {
    ("RS256", "RSA", ""): _rsa,
    ("ES256", "EC", "P-256"): _p256,
    ("EdDSA", "OKP", "Ed25519"): _ed25519,
}
"""By algorithm, and by kind and curve of the key."""
