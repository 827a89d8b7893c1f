"""A push message that only the browser can read: RFC 8291, in the coding aes128gcm of RFC 8188, as one record."""

from __future__ import annotations

import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from starbid.domain.push_addresses import PushAddress

RECORD_BYTES = 4096
"""The longest body that every push service takes (RFC 8030, 7.2; RFC 8291, 4), and the record size that is told."""
_HEADER_BYTES, _TAG_BYTES, _LAST = 86, 16, b"\x02"
MOST_PLAIN = RECORD_BYTES - _HEADER_BYTES - _TAG_BYTES - len(_LAST)
"""3993 bytes."""


class TooLong(ValueError):
    """More than MOST_PLAIN bytes."""


def encrypted(
    plain: bytes, to: PushAddress, *, key: EllipticCurvePrivateKey | None = None, salt: bytes | None = None
) -> bytes:
    """The body of a push message. `key` and `salt` are new for every message; they are given in tests of the RFC's
    example alone. Raises TooLong, and ValueError for a key of the browser's that is no point of P-256.
    """
    if len(plain) > MOST_PLAIN:
        raise TooLong
    key, salt = key or generate_private_key(SECP256R1()), salt or os.urandom(16)
    theirs = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), to.key)
    ours = public_bytes(key.public_key())
    material = _derived(key.exchange(ECDH(), theirs), to.secret, b"WebPush: info\0" + to.key + ours, 32)
    content_key = _derived(material, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(material, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + RECORD_BYTES.to_bytes(4) + len(ours).to_bytes(1) + ours
    return header + AESGCM(content_key).encrypt(nonce, plain + _LAST, None)


def public_bytes(key: EllipticCurvePublicKey) -> bytes:
    """The point, uncompressed: 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(material)
