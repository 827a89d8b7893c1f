"""The issuer's keys: asked for seldom, again where they changed, and kept while the issuer is away."""

from __future__ import annotations

from typing import Any

import pytest

from starbid.domain.openid import IdTokenRefused, LoginUnavailable
from starbid.openid.keys import FRESH_SECONDS, REST_SECONDS, STALE_SECONDS, IssuerKeys


class Issuer:
    """`answer` is its key set, or what is raised. `asked` counts."""

    def __init__(self, *names: str) -> None:
        self.answer: Any = None
        self.asked, self.now = 0, 1000.0
        self.has(*names)
        self.keys = IssuerKeys(self._fetch, lambda: self.now)

    def has(self, *names: str) -> None:
        self.answer = {"keys": [{"kid": name, "kty": "RSA"} for name in names]}

    def _fetch(self) -> Any:
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def name_of(issuer: Issuer, key_id: str) -> Any:
    return issuer.keys.named(key_id)["kid"]


def test_a_known_key_is_asked_for_once_an_hour() -> None:
    issuer = Issuer("a", "b")
    assert [name_of(issuer, name) for name in ("a", "b", "a")] == ["a", "b", "a"]
    issuer.now += FRESH_SECONDS - 1
    assert (name_of(issuer, "a"), issuer.asked) == ("a", 1)
    issuer.now += 1
    assert (name_of(issuer, "a"), issuer.asked) == ("a", 2)


def test_a_new_key_is_found_at_once_and_the_one_that_was_taken_back_is_gone() -> None:
    issuer = Issuer("old")
    name_of(issuer, "old")
    issuer.now += REST_SECONDS
    issuer.has("new")
    assert (name_of(issuer, "new"), issuer.asked) == ("new", 2)
    with pytest.raises(IdTokenRefused, match="key"):
        name_of(issuer, "old")


def test_made_up_names_of_keys_do_not_make_us_ask_more_than_once_a_minute() -> None:
    issuer = Issuer("a")
    name_of(issuer, "a")
    for number in range(50):
        with pytest.raises(IdTokenRefused, match="key"):
            name_of(issuer, f"made-up-{number}")
    assert issuer.asked == 1
    issuer.now += REST_SECONDS
    for _ in range(50):
        with pytest.raises(IdTokenRefused, match="key"):
            name_of(issuer, "made-up")
    assert issuer.asked == 2


def test_without_a_name_the_only_key_is_meant_and_of_two_none() -> None:
    assert name_of(Issuer("a"), "") == "a"
    with pytest.raises(IdTokenRefused, match="key"):
        name_of(Issuer("a", "b"), "")
    with pytest.raises(IdTokenRefused, match="key"):
        name_of(Issuer("a", "a"), "a")


def test_keys_serve_on_for_a_day_while_the_issuer_is_away() -> None:
    issuer = Issuer("a")
    name_of(issuer, "a")
    issuer.answer = LoginUnavailable("away")
    issuer.now += STALE_SECONDS - 1
    assert name_of(issuer, "a") == "a"
    issuer.now += 1
    with pytest.raises(LoginUnavailable):
        name_of(issuer, "a")


def test_a_new_key_is_no_fault_of_the_login_while_the_issuer_is_away() -> None:
    issuer = Issuer("old")
    name_of(issuer, "old")
    issuer.now += REST_SECONDS
    issuer.answer = LoginUnavailable("away")
    for _ in range(2):
        with pytest.raises(LoginUnavailable, match="away"):
            name_of(issuer, "new")
    assert (name_of(issuer, "old"), issuer.asked) == ("old", 2)
    issuer.now += REST_SECONDS
    issuer.has("new")
    assert name_of(issuer, "new") == "new"
    with pytest.raises(IdTokenRefused, match="key"):
        name_of(issuer, "made-up")


@pytest.mark.parametrize("empty", [{}, {"keys": []}, {"keys": None}, {"keys": "a"}, {"keys": [1, None]}])
def test_an_empty_set_is_no_set_and_takes_no_key_away(empty: Any) -> None:
    issuer = Issuer("a")
    name_of(issuer, "a")
    issuer.answer, issuer.now = empty, issuer.now + FRESH_SECONDS
    assert name_of(issuer, "a") == "a"
    fresh = Issuer()
    fresh.answer = empty
    with pytest.raises(LoginUnavailable):
        name_of(fresh, "a")


def test_an_issuer_that_never_answered_is_asked_by_every_login() -> None:
    issuer = Issuer("a")
    issuer.answer = LoginUnavailable("away")
    for _ in range(2):
        with pytest.raises(LoginUnavailable):
            name_of(issuer, "a")
    issuer.has("a")
    assert name_of(issuer, "a") == "a"
