"""Who we are to a push service, held against RFC 8292's own example."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from starbid.domain.base64url import to_bytes, to_text
from starbid.further.push.encryption import public_bytes
from starbid.further.push.vapid import Vapid, WrongKeys, signing_input

RFC_SAID = (
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6"
    "Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0"
)
RFC_SIGNATURE = "i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA"
RFC_KEY = "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
SERVICE = "https://push.example.net"


def _vapid(subject: str = "mailto:push@example.com") -> Vapid:
    key = generate_private_key(SECP256R1())
    private = to_text(key.private_numbers().private_value.to_bytes(32))
    return Vapid(private, to_text(public_bytes(key.public_key())), subject)


def _parts(header: str) -> tuple[str, str, str]:
    scheme, token, key = header.replace(",", "").split()
    assert scheme == "vapid"
    said, _, signature = token.removeprefix("t=").rpartition(".")
    return said, signature, key.removeprefix("k=")


def _check(said: str, signature: str, key: str) -> None:
    raw = to_bytes(signature)
    assert len(raw) == 64
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    EllipticCurvePublicKey.from_encoded_point(SECP256R1(), to_bytes(key)).verify(der, said.encode(), ECDSA(SHA256()))


def test_what_is_signed_is_that_of_rfc_8292_byte_for_byte() -> None:
    until = datetime.fromtimestamp(1453523768, UTC)
    assert signing_input(SERVICE, until, "mailto:push@example.com") == RFC_SAID
    _check(RFC_SAID, RFC_SIGNATURE, RFC_KEY)  # so the way of checking is right
    with pytest.raises(InvalidSignature):
        _check(RFC_SAID + "x", RFC_SIGNATURE, RFC_KEY)


def test_a_token_names_the_service_whom_to_write_to_and_an_end_within_a_day() -> None:
    said, signature, key = _parts(_vapid().authorization(SERVICE, NOW))
    _check(said, signature, key)
    head, claims = (json.loads(to_bytes(part)) for part in said.split("."))
    assert head == {"typ": "JWT", "alg": "ES256"}
    assert claims["aud"] == SERVICE
    assert claims["sub"] == "mailto:push@example.com"
    assert NOW < datetime.fromtimestamp(claims["exp"], UTC) <= NOW + timedelta(hours=24)


def test_a_token_is_used_again_until_its_end_is_near() -> None:
    vapid = _vapid()
    first = vapid.authorization(SERVICE, NOW)
    assert vapid.authorization(SERVICE, NOW + timedelta(hours=10)) == first
    assert vapid.authorization(SERVICE, NOW + timedelta(hours=11, minutes=30)) != first
    assert vapid.authorization("https://other.example.net", NOW) != first


def test_a_clock_that_was_ahead_leaves_no_token_of_more_than_a_day() -> None:
    vapid = _vapid()
    ahead = vapid.authorization(SERVICE, NOW + timedelta(days=3))
    assert vapid.authorization(SERVICE, NOW) != ahead


def test_services_of_any_number_are_not_all_remembered() -> None:
    vapid = _vapid()
    for number in range(200):
        vapid.authorization(f"https://push{number}.example.net", NOW)
    assert len(vapid._tokens) <= 32


def test_keys_that_do_not_belong_together_are_refused() -> None:
    key = generate_private_key(SECP256R1())
    with pytest.raises(WrongKeys):
        Vapid(to_text(key.private_numbers().private_value.to_bytes(32)), RFC_KEY, "mailto:push@example.com")
