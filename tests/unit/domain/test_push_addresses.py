"""What a browser says of where it takes push messages."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from starbid.domain.base64url import to_text
from starbid.domain.errors import Invalid
from starbid.domain.push_addresses import LONGEST_ENDPOINT, PushAddress, is_endpoint, is_point, read_address
from starbid.further.push.encryption import public_bytes

ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc:DEF_1-2"
KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SECRET = "BTBZMqHH6r4Tts7J_aSIgg"


def test_what_a_browser_says_is_read() -> None:
    address = read_address(ENDPOINT, KEY, SECRET)
    assert (address.endpoint, len(address.key), len(address.secret)) == (ENDPOINT, 65, 16)
    assert read_address(ENDPOINT, KEY + "=", SECRET + "==") == address


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAAAB",
        "https://web.push.apple.com/QGuQyavXutnMH",
        "https://wns2-par02p.notify.windows.com/w/?token=BQYAAA%3d%3d",
        "https://push.example.net:443/a",
        "https://push.xn--e1afmkfd.xn--p1ai/a",
        "https://push.example.net/" + "a" * (LONGEST_ENDPOINT - 25),
    ],
)
def test_endpoints_of_push_services_are_taken(endpoint: str) -> None:
    assert is_endpoint(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "push.example.net/a",
        "http://push.example.net/a",
        "ftp://push.example.net/a",
        "https://push.example.net:8443/a",
        "https://push.example.net:99999/a",
        "https://push.example.net/a#b",
        "https://me@push.example.net/a",
        "https://push.example.net@127.0.0.1/a",
        "https://127.0.0.1/a",
        "https://2130706433/a",
        "https://0x7f000001/a",
        "https://0177.0.0.1/a",
        "https://127.1/a",
        "https://1.2.3.0x7f/a",
        "https://[::1]/a",
        "https://[::ffff:127.0.0.1]/a",
        "https://[::1/a",
        "https://localhost/a",
        "https://push.example.net./a",
        "https://push..example.net/a",
        "https://push.example.net\\@127.0.0.1/a",
        "https://push.example.net/a b",
        "https://push.example.net/a\r\nX: y",
        "https://push.example.net/é",
        "https://пуш.рф/a",
        "https:///a",
        "https://push.example.net/" + "a" * (LONGEST_ENDPOINT - 24),
        "https://push.example.net/" + "a" * 10_000,
    ],
)
def test_anything_else_is_no_endpoint(endpoint: str) -> None:
    assert not is_endpoint(endpoint)
    with pytest.raises(Invalid) as refused:
        read_address(endpoint, KEY, SECRET)
    assert refused.value.field == "endpoint"


def test_only_the_push_service_of_this_machine_that_was_named_may_be_addressed_without_https() -> None:
    local = "http://127.0.0.1:8000/_local/push"
    assert is_endpoint(f"{local}/to/abc", local)
    for endpoint in (f"{local}/to/abc", "http://127.0.0.1:8000/other"):
        assert not is_endpoint(endpoint)
    assert not is_endpoint("http://127.0.0.1:8000@evil.example.net/", "http://127.0.0.1:8000")
    assert not is_endpoint("http://127.0.0.1:80001/", "http://127.0.0.1:8000")


@pytest.mark.parametrize(
    ("key", "secret", "field"),
    [
        ("", SECRET, "p256dh"),
        ("???", SECRET, "p256dh"),
        (KEY[:-2], SECRET, "p256dh"),
        (KEY + "AAAA", SECRET, "p256dh"),
        ("A" * 87, SECRET, "p256dh"),
        (KEY[:-1] + "8", SECRET, "p256dh"),
        ("A" * 10_000, SECRET, "p256dh"),
        (to_text(b"\2" + bytes(32)), SECRET, "p256dh"),
        (to_text(b"\4" + b"\xff" * 64), SECRET, "p256dh"),
        (KEY, "", "auth"),
        (KEY, SECRET[:-2], "auth"),
        (KEY, SECRET + "AA", "auth"),
        (KEY, "é" * 22, "auth"),
        (KEY, "A", "auth"),
    ],
)
def test_keys_that_are_garbage_are_refused_by_name(key: str, secret: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_address(ENDPOINT, key, secret)
    assert refused.value.field == field


def test_a_point_is_on_the_curve_as_the_library_says_too() -> None:
    for _ in range(20):
        point = public_bytes(generate_private_key(SECP256R1()).public_key())
        assert is_point(point)
        assert not is_point(point[:-1] + bytes([point[-1] ^ 1]))


def test_a_browser_has_one_mark_that_nobody_knows_who_knows_its_endpoint_only() -> None:
    address = read_address(ENDPOINT, KEY, SECRET)
    assert address.mark == read_address(ENDPOINT, KEY, SECRET).mark
    assert address.mark != PushAddress(ENDPOINT, address.key, bytes(16)).mark
    assert len(address.mark) == 32
