"""A link leads to the web or into Telegram, and where its words say."""

import pytest

from starbid.domain.assistant.links import LONGEST, is_telegrams, names_another, safe_address, target


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org",
        "http://example.org:8080/a?b=c&d=e#f",
        "https://пример.рф/путь",
        "https://en.wikipedia.org/wiki/Schr%C3%B6dinger's_cat_(film)",
        "https://[2001:db8::1]/",
        "tg://resolve?domain=example_bot",
    ],
)
def test_addresses_of_the_web_and_of_telegram_are_safe(address: str) -> None:
    assert safe_address(address) == address


def test_a_scheme_may_be_written_in_capitals() -> None:
    assert safe_address(" HTTPS://Example.org/A ") == "https://Example.org/A"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:https://example.org/1",
        "mailto:a@example.org",
        "ton://transfer/x",
        "//example.org",
        "/path",
        "#top",
        "example.org",
        "https:",
        "https://",
        "https:///path",
        "https:example.org",
        "https://bank.example@evil.example/",
        "https://bank.example\\@evil.example/",
        "https://evil.example/\u202egpj.exe",
        "https://exa mple.org",
        "https://example.org/\x00",
        "https://example.org/<script>",
        'https://example.org/"onclick="',
        "https://example.org:port/",
        "https://[1/",
        "tg://user?id=12345",
        "tg:resolve",
        "https://example.org/" + "a" * LONGEST,
    ],
    ids=lambda address: ascii(address)[:40],
)
def test_everything_else_is_no_link(address: str) -> None:
    assert safe_address(address) is None


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("the rules", "https://example.org/rules"),
        ("example.org", "https://example.org/rules"),
        ("www.example.org", "https://example.org"),
        ("https://example.org/a/", "https://example.org/a?b=c"),
        ("https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("see EXAMPLE.ORG/a…", "https://www.example.org/abc"),
        ("пример.рф/путь", "https://пример.рф/%D0%BF%D1%83%D1%82%D1%8C"),
        ("@example_bot", "https://t.me/Example_bot"),
        ("@example_bot", "tg://resolve?domain=example_bot"),
        ("Node.js", "https://nodejs.example"),
        ("report.pdf", "https://files.example/1"),
        ("и т.д.", "https://example.org"),
        ("3.14", "https://example.org"),
    ],
)
def test_words_that_name_nothing_else_may_lead_there(words: str, address: str) -> None:
    assert not names_another(words, address)


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("bank.example", "https://evil.example"),
        ("https://bank.example/login", "https://evil.example/login"),
        ("Log in at bank.example now", "https://evil.example"),
        ("BANK.EXAMPLE", "https://evil.example"),
        ("bank.example", "https://bank.example.evil.example"),
        ("bank.example", "https://b\u0430nk.example"),
        ("bank\uff0eexample", "https://evil.example"),
        ("t.me/good", "https://t.me/evil"),
        ("example.org/good", "https://example.org/evil"),
        ("10.0.0.1", "https://evil.example"),
        ("report.pdf/x", "https://evil.example"),
        ("@good_bot", "https://t.me/evil_bot"),
        ("@good_bot", "https://evil.example"),
        ("support@bank.example", "https://evil.example"),
    ],
    ids=ascii,
)
def test_words_that_name_another_place_are_found_out(words: str, address: str) -> None:
    assert names_another(words, address)


def test_a_target_is_told_in_letters_that_resemble_no_others() -> None:
    assert target("https://b\u0430nk.example:8443/a") == "https://xn--bnk-6cd.example:8443/a"
    assert target("https://example.org/a?b=c#d") == "https://example.org/a?b=c#d"
    assert target("tg://resolve?domain=x") == "tg://resolve?domain=x"


def test_a_long_target_is_shortened_behind_its_host() -> None:
    assert target("https://example.org/" + "a" * 500) == "https://example.org/" + "a" * 39 + "…"


def test_a_host_that_cannot_be_spelt_otherwise_is_told_as_it_is() -> None:
    assert target(f"https://{'ы' * 80}.example/") == f"https://{'ы' * 51}…"


@pytest.mark.parametrize(
    ("address", "is_one"),
    [("https://t.me/x", True), ("tg://resolve?domain=x", True), ("https://t.me.example/x", False)],
)
def test_addresses_of_chats_are_known(address: str, is_one: bool) -> None:
    assert is_telegrams(address) is is_one
