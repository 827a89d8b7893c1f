"""Signatures, held against the examples of RFC 7515 and RFC 8037, and what is no signature of such a key."""

from __future__ import annotations

from typing import Any

import pytest

from starbid.openid.issuer import challenge_of
from starbid.openid.signatures import UnusableKey, is_signed, is_signed_by_ed25519, to_bytes

CLAIMS = b"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
RSA = {
    "kty": "RSA",
    "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZ"
    "S-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2Cap"
    "Hg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4F"
    "RWyuXpoQ",
    "e": "AQAB",
}
EC = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}
OKP = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
EXAMPLES: dict[str, tuple[dict[str, str], bytes, str]] = {
    "RS256": (
        RSA,
        b"eyJhbGciOiJSUzI1NiJ9." + CLAIMS,
        (
            "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr"
            "7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--"
            "xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_I"
            "oypGlUPQGe77Rw"
        ),
    ),
    "ES256": (
        EC,
        b"eyJhbGciOiJFUzI1NiJ9." + CLAIMS,
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
    ),
    "EdDSA": (
        OKP,
        b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
    ),
}
"""RFC 7515, A.2 and A.3; RFC 8037, A.4."""


@pytest.mark.parametrize("algorithm", EXAMPLES)
def test_the_examples_of_the_standards_hold(algorithm: str) -> None:
    key, signed, signature = EXAMPLES[algorithm]
    assert is_signed(algorithm, key, signed, to_bytes(signature))
    assert is_signed(algorithm, key | {"use": "sig", "alg": algorithm, "kid": "a"}, signed, to_bytes(signature))


@pytest.mark.parametrize("algorithm", EXAMPLES)
def test_a_changed_text_or_signature_does_not(algorithm: str) -> None:
    key, signed, written = EXAMPLES[algorithm]
    signature = to_bytes(written)
    assert not is_signed(algorithm, key, signed + b"A", signature)
    for wrong in (
        bytes([signature[0] ^ 1]) + signature[1:], signature[:-1], signature + b"\0", b"", bytes(len(signature)),
    ):  # fmt: skip
        assert not is_signed(algorithm, key, signed, wrong)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "HS512", "RS512", "PS256", "ES384", "ES256K", "", "rs256"])
def test_no_other_algorithm_is_known_whatever_the_key(algorithm: str) -> None:
    for key, signed, signature in EXAMPLES.values():
        with pytest.raises(UnusableKey):
            is_signed(algorithm, key, signed, to_bytes(signature))


@pytest.mark.parametrize("algorithm", EXAMPLES)
def test_a_key_serves_its_own_algorithm_alone(algorithm: str) -> None:
    for other, (key, signed, signature) in EXAMPLES.items():
        if other != algorithm:
            with pytest.raises(UnusableKey):
                is_signed(algorithm, key, signed, to_bytes(signature))


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        ("RS256", RSA | {"use": "enc"}),
        ("RS256", RSA | {"alg": "RS512"}),
        ("RS256", {"kty": "RSA", "e": "AQAB"}),
        ("RS256", RSA | {"n": RSA["n"][:100]}),
        ("RS256", RSA | {"n": RSA["n"] * 5}),
        ("RS256", RSA | {"n": 5}),
        ("RS256", RSA | {"n": RSA["n"] + "=="}),
        ("RS256", RSA | {"e": ""}),
        ("ES256", EC | {"y": EC["x"]}),
        ("ES256", EC | {"crv": "P-384"}),
        ("EdDSA", OKP | {"x": OKP["x"][:-4]}),
        ("EdDSA", OKP | {"crv": "X25519"}),
        ("EdDSA", {}),
    ],
)
def test_a_key_that_is_weak_malformed_or_for_something_else_is_none(algorithm: str, key: dict[str, Any]) -> None:
    _, signed, signature = EXAMPLES[algorithm]
    with pytest.raises(UnusableKey):
        is_signed(algorithm, key, signed, to_bytes(signature))


def test_the_first_example_of_rfc_8032_holds() -> None:
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe246551"
        "41438e7a100b"
    )
    assert is_signed_by_ed25519(public, b"", signature)
    assert not is_signed_by_ed25519(public, b"\0", signature)


def test_a_code_is_asked_for_with_the_challenge_of_the_standard() -> None:
    """RFC 7636, appendix B."""
    written = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == written
