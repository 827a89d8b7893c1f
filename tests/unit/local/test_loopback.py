"""Which requests to this machine come from programs and from our own pages, and which from pages of others."""

from __future__ import annotations

import pytest

from local.loopback import is_from_browser, is_own_host, own_origins, refusal

OURS = "http://127.0.0.1:8000"


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "LOCALHOST:8000", "[::1]:8000"])
def test_this_machine_is_known_by_its_names(host: str) -> None:
    assert is_own_host(host, 8000)
    assert not is_own_host(host, 8001)


@pytest.mark.parametrize(
    "host",
    [
        *("", "127.0.0.1", "localhost", "evil.example:8000", "evil.example", "localhost.evil.example:8000"),
        *("127.0.0.1.evil.example:8000", "evil@127.0.0.1:8000", "127.0.0.1:8000@evil", "127.0.0.1:8000,evil:8000"),
        *("0.0.0.0:8000", "127.0.0.2:8000", "2130706433:8000", "localhost.:8000", " localhost:8000", "::1:8000"),
    ],
)
def test_no_other_name_is_this_machine(host: str) -> None:
    assert not is_own_host(host, 8000)


def test_the_usual_port_need_not_be_said() -> None:
    assert is_own_host("localhost", 80)
    assert "http://localhost" in own_origins(80)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"host": "127.0.0.1:8000"},
        {"origin": OURS},
        {"origin": "http://localhost:8000", "host": "localhost:8000", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none", "sec-fetch-mode": "navigate"},
        {"referer": OURS},
        {"referer": f"{OURS}/_local/telegram/"},
    ],
)
def test_programs_and_our_own_pages_may_do_all(headers: dict[str, str]) -> None:
    assert refusal(headers, 8000, is_page=False) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example:8000"},
        {"host": "evil.example:8000", "origin": OURS},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://evil.example"},
        {"origin": "https://127.0.0.1:8000"},
        {"origin": "http://127.0.0.1:3000"},
        {"origin": f"{OURS}, http://evil.example"},
        {"origin": OURS, "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": ""},
        {"referer": "http://evil.example/"},
        {"referer": "http://127.0.0.1:8000.evil.example/"},
        {"referer": "http://127.0.0.1:80001/"},
    ],
)
def test_pages_of_others_may_do_nothing(headers: dict[str, str]) -> None:
    assert refusal(headers, 8000, is_page=False)


@pytest.mark.parametrize("headers", [{"host": "evil.example:8000"}, {"origin": "null"}, {"origin": "http://a.example"}])
def test_not_even_pages_are_for_another_name_or_a_script_of_others(headers: dict[str, str]) -> None:
    assert refusal(headers, 8000, is_page=True)


def test_a_link_on_another_page_opens_one_of_ours_but_not_in_a_frame() -> None:
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert refusal(link, 8000, is_page=True) is None
    assert refusal({"referer": "http://evil.example/"}, 8000, is_page=True) is None
    for kind in ("iframe", "image", "script", "empty"):
        assert refusal(link | {"sec-fetch-dest": kind}, 8000, is_page=True)


def test_what_a_page_sends_is_told_from_what_a_program_sends() -> None:
    assert not is_from_browser({"host": "127.0.0.1:1", "user-agent": "Boto3"})
    for name in ("origin", "sec-fetch-site", "referer"):
        assert is_from_browser({name: "null"})
