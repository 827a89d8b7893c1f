"""Addresses of e-mail: which are taken, how they are sent to, which are one."""

from __future__ import annotations

import pytest

from starbid.domain.email_addresses import LONGEST, mailbox, mark_of, masked, read_email, same_mailbox, shown
from starbid.domain.errors import Invalid

LONG_DOMAIN = ".".join(["d" * 60] * 3) + ".example"


@pytest.mark.parametrize(
    ("typed", "sent_to"),
    [
        ("anna@example.org", "anna@example.org"),
        ("  anna@example.org\n", "anna@example.org"),
        ("Anna.B@EXAMPLE.org", "Anna.B@example.org"),
        ("anna+bids@example.org", "anna+bids@example.org"),
        ("o'neil{x}|y~z@example.org", "o'neil{x}|y~z@example.org"),
        ("anna@пример.рф", "anna@xn--e1afmkfd.xn--p1ai"),
        ("anna@ПРИМЕР.РФ", "anna@xn--e1afmkfd.xn--p1ai"),
        ("anna@xn--e1afmkfd.xn--p1ai", "anna@xn--e1afmkfd.xn--p1ai"),
        (f"{'a' * 63}@{LONG_DOMAIN}", f"{'a' * 63}@{LONG_DOMAIN}"),
        (f"{'a' * 64}@example.org", f"{'a' * 64}@example.org"),
    ],
)
def test_what_people_write_is_taken(typed: str, sent_to: str) -> None:
    assert read_email(typed) == sent_to
    assert read_email(sent_to) == sent_to


@pytest.mark.parametrize(
    "typed",
    [
        "anna", "@example.org", "anna@", "anna@localhost", "anna@example.org.", "anna@.example.org", "anna@-x.org",
        "anna.@example.org", ".anna@example.org", "a..b@example.org", "anna@exa_mple.org", "anna@x.1", "anna@1.2.3.4",
        "anna@[127.0.0.1]", '"anna b"@example.org', '"a\\"b"@example.org', "anna b@example.org", "anna@exa mple.org",
        "anna@example.org, eve@example.org", "Anna <anna@example.org>", "anna@b@example.org", "anna@example.org;",
        "anna@example.org\nBcc: eve@example.org", "anna\r\n@example.org", "anna\x00@example.org",
        "anna\u202e@example.org",
        "анна@example.org", "anna@straße.de", "anna@fa\u200ctest.org", "anna@例え。jp", "anna@\ud800.org",
        f"{'a' * 65}@example.org", f"anna@{'d' * 64}.org", f"anna@{'ж' * 64}.рф", "x" * 10_000,
        f"anna@{'d.' * 5000}org",
        f"{'a' * (LONGEST - 4)}@b.org", "anna@example.org" + " " * 400 + "x",
    ],
)  # fmt: skip
def test_what_no_server_takes_or_could_end_a_header_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_email(typed)
    assert (refused.value.field, refused.value.reason) == ("email", "email")


@pytest.mark.parametrize("typed", ["", "  ", "\n\t"])
def test_nothing_is_told_apart_from_something_wrong(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_email(typed)
    assert refused.value.reason == "required"


def test_capitals_make_no_other_mailbox_and_a_tag_none_that_is_counted_apart() -> None:
    assert same_mailbox("Anna@example.org", "anna@example.org")
    assert not same_mailbox("anna+x@example.org", "anna@example.org")
    assert mark_of("Anna@example.org") == mark_of("anna@example.org") != mark_of("eve@example.org")
    assert mailbox("Anna+one@example.org") == mailbox("anna+two@example.org") == "anna@example.org"
    assert mailbox("+x@example.org") == "+x@example.org"


def test_a_masked_address_shows_its_owner_enough_and_nobody_else_all_of_it() -> None:
    assert masked("anna@example.org") == "an…@example.org"
    assert masked("ab@example.org") == "a…@example.org"
    assert masked("anna@xn--e1afmkfd.xn--p1ai") == "an…@пример.рф"
    assert shown("anna@xn--e1afmkfd.xn--p1ai") == "anna@пример.рф"
    assert shown("anna@xn--zzzzzz99999.org") == "anna@xn--zzzzzz99999.org"
