"""Settings of notices in browsers."""

from __future__ import annotations

import pytest

from starbid.config import read_settings
from starbid.config_reader import ConfigError
from starbid.domain.base64url import to_text
from tests.support.fakes import ENVIRONMENT

KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
PUBLIC = {"BASE_URL": "https://starbid.example"}


def read(**given: str) -> object:
    return read_settings(ENVIRONMENT | {"SECRET_KEY": "k" * 16} | given).push


def test_without_a_public_key_they_are_not_on_offer() -> None:
    assert not read_settings(ENVIRONMENT).push.is_offered


def test_a_public_site_is_whom_push_services_write_to_unless_another_is_named() -> None:
    settings = read_settings(ENVIRONMENT | {"SECRET_KEY": "k" * 16} | PUBLIC | {"VAPID_PUBLIC_KEY": KEY})
    assert settings.push.is_offered
    assert settings.push.subject == "https://starbid.example"
    named = read_settings(ENVIRONMENT | {"VAPID_PUBLIC_KEY": KEY, "VAPID_SUBJECT": "mailto:me@example.org"})
    assert named.push.subject == "mailto:me@example.org"


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"VAPID_PUBLIC_KEY": KEY}, "VAPID_SUBJECT"),
        ({"VAPID_PUBLIC_KEY": KEY[:-1], "VAPID_SUBJECT": "mailto:me@example.org"}, "VAPID_PUBLIC_KEY"),
        ({"VAPID_PUBLIC_KEY": to_text(b"\4" + b"\1" * 64), "VAPID_SUBJECT": "mailto:a@b.c"}, "VAPID_PUBLIC_KEY"),
        ({"VAPID_SUBJECT": "me@example.org"}, "VAPID_SUBJECT"),
        ({"VAPID_PRIVATE_KEY": "too short"}, "VAPID_PRIVATE_KEY"),
        ({"VAPID_LOCAL_SERVICE": "http://10.0.0.1/push"}, "VAPID_LOCAL_SERVICE"),
        ({"VAPID_LOCAL_SERVICE": "http://127.0.0.1:8000/push"} | PUBLIC, "VAPID_LOCAL_SERVICE"),
    ],
)
def test_what_is_wrong_is_named_at_the_start(given: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        read(**given)


def test_the_private_key_is_a_secret_that_does_not_show() -> None:
    settings = read_settings(ENVIRONMENT | {"VAPID_PRIVATE_KEY": "k" * 43})
    assert settings.vapid_key == "k" * 43
    assert "k" * 43 not in repr(settings)
