"""Messages that only the browser can read, held against RFC 8291's own example."""

import os

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from starbid.domain.base64url import to_bytes, to_text
from starbid.domain.push_addresses import PushAddress
from starbid.further.push.encryption import MOST_PLAIN, RECORD_BYTES, TooLong, encrypted, public_bytes
from starbid.further.push.vapid import read_private_key
from tests.support.browsers import Reading

THEIR_KEY = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
THEIR_POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
OUR_KEY = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RFC_BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
BROWSER = Reading("a", secret=to_bytes("BTBZMqHH6r4Tts7J_aSIgg"), key=read_private_key(THEIR_KEY))
TO = PushAddress("https://push.example.net/a", to_bytes(THEIR_POINT), to_bytes("BTBZMqHH6r4Tts7J_aSIgg"))


def test_the_example_of_rfc_8291_appendix_a_comes_out_byte_for_byte() -> None:
    salt = to_bytes("DGv6ra1nlYgDCS1FRnbzlw")
    body = encrypted(b"When I grow up, I want to be a watermelon", TO, key=read_private_key(OUR_KEY), salt=salt)
    assert to_text(body) == RFC_BODY


@pytest.mark.parametrize("plain", [b"", b"{}", "Лот 🎉".encode(), os.urandom(MOST_PLAIN)])
def test_the_browser_reads_what_was_sent(plain: bytes) -> None:
    assert BROWSER.read(encrypted(plain, TO)) == plain


def test_the_longest_message_fills_one_record_and_no_longer_one_is_made() -> None:
    assert len(encrypted(bytes(MOST_PLAIN), TO)) == RECORD_BYTES
    assert MOST_PLAIN == 3993
    with pytest.raises(TooLong):
        encrypted(bytes(MOST_PLAIN + 1), TO)


def test_no_two_messages_share_a_key_or_a_salt() -> None:
    one, other = encrypted(b"a", TO), encrypted(b"a", TO)
    assert one[:16] != other[:16]
    assert one[21:86] != other[21:86]


def test_another_browser_cannot_read_it() -> None:
    body = encrypted(b"a", PushAddress(TO.endpoint, TO.key, bytes(16)))
    with pytest.raises(InvalidTag):
        BROWSER.read(body)


def test_a_key_that_is_no_point_is_refused() -> None:
    with pytest.raises(ValueError, match="Invalid EC key"):
        encrypted(b"a", PushAddress(TO.endpoint, b"\4" + bytes(64), TO.secret))


def test_a_fresh_key_has_a_point_of_65_bytes() -> None:
    assert len(public_bytes(generate_private_key(SECP256R1()).public_key())) == 65
