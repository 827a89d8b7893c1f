"""A Mini App's initData by Telegram's own signature, held against one that Telegram made for a bot of others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

import pytest

from web.identity.telegram import Proven, read_init_data
from web.kernel.exceptions import LoginRefused

SIGNED = (
    "user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%20%2B%20-%20%3F%20%5C%2F%22%2C%22last_name%22%3A%22"
    "Kibenko%22%2C%22username%22%3A%22vdkfrost%22%2C%22language_code%22%3A%22ru%22%2C%22is_premium%22%3Atrue%2C%22allows"
    "_write_to_pm%22%3Atrue%2C%22photo_url%22%3A%22https%3A%5C%2F%5C%2Ft.me%5C%2Fi%5C%2Fuserpic%5C%2F320%5C%2F4FPEE4tmP3"
    "ATHa57u6MqTDih13LTOiMoKoLDRG4PnSA.svg%22%7D&chat_instance=8134722200314281151&chat_type=private&auth_date=1733584787"
    "&hash=2174df5b000556d044f3f020384e879c8efcab55ddea2ced4eb752e93e7080d6&signature=zL-ucjNyREiHDE8aihFwpfR9aggP2xiAo3"
    "NSpfe-p7IbCisNlDKlo7Kb6G4D0Ao2mBrSgEk4maLSdv6MLIlADQ"
)
"""From the documentation of telegram-mini-apps.com, "Init Data"."""
REVOKED, OTHER = "7342037359:a-newer-token-of-this-bot", "7342037358:another-bot"
THEN = datetime.fromtimestamp(1733584787, UTC)


def read(data: str = SIGNED, token: str = REVOKED, at: datetime = THEN, *, test: bool = False) -> Proven:
    return read_init_data(data, token, (at,), test=test)


def test_telegrams_signature_holds_where_the_token_is_another_one_by_now() -> None:
    found = read()
    assert (found.user_id, found.username, found.language) == (279058397, "vdkfrost", "ru")
    assert read(f"{SIGNED}%3D%3D").user_id == 279058397, "padded, as base64 may be"


def refuses(data: str = SIGNED, token: str = REVOKED, at: datetime = THEN, *, test: bool = False) -> str:
    with pytest.raises(LoginRefused) as refused:
        read(data, token, at, test=test)
    return refused.value.reason


def test_it_is_for_one_bot_and_one_of_telegrams_environments() -> None:
    assert refuses(token=OTHER) == "hash"
    assert refuses(test=True) == "hash"


def test_it_is_as_old_as_any_other_login() -> None:
    assert read(at=THEN + timedelta(days=1)).user_id == 279058397
    assert refuses(at=THEN + timedelta(days=1, seconds=1)) == "stale"
    assert refuses(at=THEN - timedelta(minutes=6)) == "stale"


@pytest.mark.parametrize("field", ["user", "chat_instance", "chat_type", "auth_date", "signature"])
def test_every_field_is_signed(field: str) -> None:
    fields = dict(parse_qsl(SIGNED))
    assert refuses(urlencode(fields | {field: fields[field][:-2] + "x" + fields[field][-1:]})) == "hash"
    del fields[field]
    assert refuses(urlencode(fields)) == "hash"


@pytest.mark.parametrize("more", ["user=x", "signature=x", "hash=x", "admin=1", "&signature=x"])
def test_a_field_more_or_a_doubled_one_is_refused(more: str) -> None:
    assert refuses(f"{SIGNED}&{more}") in ("hash", "fields")
    assert refuses(f"{more}&{SIGNED}") in ("hash", "fields")


@pytest.mark.parametrize("signature", ["", "A" * 86, "A" * 87, "é" * 86, "A" * 5000, "+/" * 43])
def test_what_is_no_signature_is_refused(signature: str) -> None:
    assert refuses(urlencode(dict(parse_qsl(SIGNED)) | {"signature": signature})) in ("hash", "fields")


def test_without_the_field_hash_it_is_none_of_telegrams() -> None:
    fields = dict(parse_qsl(SIGNED))
    del fields["hash"]
    assert refuses(urlencode(fields)) == "hash"
