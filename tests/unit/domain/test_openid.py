"""What an ID token must say: by whom, for whom, for which request, when, and about whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.openid import IdTokenRefused, TelegramIdentity, identity_of
from tests.support.fake_clock import START

NOW = int(START.timestamp())
GOOD = {
    "iss": "https://oauth.telegram.org",
    "aud": "1000001",
    "sub": "97f2c1",
    "iat": NOW,
    "exp": NOW + 3600,
    "nonce": "n",
    "id": 7,
    "name": "Vera Holm",
    "preferred_username": "vera",
}


def read(*, at: int = 0, nonce: str = "n", **changes: Any) -> TelegramIdentity:
    """Of the good claims with changes (None takes one away), so many seconds after they were made."""
    claims = {name: value for name, value in (GOOD | changes).items() if value is not None}
    return identity_of(
        claims, issuer="https://oauth.telegram.org", client_id="1000001", nonce=nonce,
        moments=[START + timedelta(seconds=at)],
    )  # fmt: skip


def test_the_person_is_the_one_of_the_claim_id_and_not_the_subject() -> None:
    assert read(sub="8") == TelegramIdentity(7, "Vera Holm", "vera")
    assert read(id="7", preferred_username=None) == TelegramIdentity(7, "Vera Holm", None)
    assert read(name=None, given_name="Vera", family_name="Holm").name == "Vera Holm"
    assert read(name=None).name == ""


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "https://oauth.telegram.org/"}, "issuer"),
        ({"iss": "http://oauth.telegram.org"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"aud": "1000002"}, "audience"),
        ({"aud": None}, "audience"),
        ({"aud": []}, "audience"),
        ({"aud": 1000001}, "audience"),
        ({"aud": ["1000001", "1000002"]}, "audience"),
        ({"azp": "1000002"}, "audience"),
        ({"nonce": "m"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"nonce": ""}, "nonce"),
        ({"iat": None}, "time"),
        ({"exp": None}, "time"),
        ({"exp": "later"}, "time"),
        ({"exp": True}, "time"),
        ({"exp": 10**40}, "time"),
        ({"exp": float("nan")}, "time"),
        ({"nbf": NOW + 61}, "time"),
        ({"nbf": "x"}, "time"),
        ({"id": None}, "id"),
        ({"id": 0}, "id"),
        ({"id": -7}, "id"),
        ({"id": 7.0}, "id"),
        ({"id": True}, "id"),
        ({"id": "٧"}, "id"),
        ({"id": "9" * 5000}, "id"),
        ({"id": 2**52}, "id"),
        ({"id": str(2**52)}, "id"),
    ],
)
def test_a_token_that_says_anything_else_proves_nobody(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(IdTokenRefused) as refused:
        read(**changes)
    assert refused.value.reason == reason


def test_a_torn_character_in_a_name_is_one_that_can_be_stored() -> None:
    assert read(name="Ve\ud83d\ude00ra\ud800\x00").name == "Ve😀ra\ufffd"


def test_an_empty_nonce_of_ours_fits_nothing() -> None:
    with pytest.raises(IdTokenRefused):
        read(nonce="")
    with pytest.raises(IdTokenRefused):
        identity_of(GOOD | {"nonce": ""}, issuer=str(GOOD["iss"]), client_id="1000001", nonce="", moments=[START])


def test_one_audience_may_stand_in_a_list() -> None:
    assert read(aud=["1000001"], azp="1000001").user_id == 7


@pytest.mark.parametrize(("at", "holds"), [(-60, True), (-61, False), (600, True), (601, False)])
def test_it_is_read_soon_after_it_was_made(at: int, holds: bool) -> None:
    if holds:
        assert read(at=at).user_id == 7
    else:
        with pytest.raises(IdTokenRefused, match="time"):
            read(at=at)


def test_it_ends_when_it_says_so_a_minute_for_the_clocks_apart() -> None:
    assert read(at=119, exp=NOW + 60).user_id == 7
    with pytest.raises(IdTokenRefused, match="time"):
        read(at=120, exp=NOW + 60)


def test_any_clock_that_may_have_dated_it_counts() -> None:
    moments = [START + timedelta(days=8), START]
    found = identity_of(GOOD, issuer=str(GOOD["iss"]), client_id="1000001", nonce="n", moments=moments)
    assert found.user_id == 7
