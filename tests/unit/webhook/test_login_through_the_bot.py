"""A browser asks, the chat confirms, the browser types the code: nobody is logged in by a link alone."""

import re
from typing import Any

from tests.support.fakes import FakeApp
from tests.support.web import Client

from .chatting import Chat

FIREFOX = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"}
_TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


def token_of(browser: Client, path: str = "/login") -> str:
    found = _TOKEN.search(browser.get(path).text)
    assert found
    return found[1]


def begin(browser: Client, next_: str = "/wallet", headers: dict[str, str] = FIREFOX) -> str:
    """The attempt's code, from the address that the browser is sent to."""
    fields: dict[str, Any] = {"csrf_token": token_of(browser), "next": next_}
    answer = browser.post_form("/login/code/begin", csrf=False, headers=headers, **fields)
    assert answer.status == 303
    found = re.search(r"code=([a-z2-7]{16})", answer.headers["location"])
    assert found
    return found[1]


def enter(browser: Client, code: str, pin: str) -> int:
    fields: dict[str, Any] = {
        "csrf_token": token_of(browser, f"/login/code?code={code}"),
        "code": code,
        "pin": pin,
        "next": "/wallet",
    }
    return browser.post_form("/login/code", csrf=False, **fields).status


def pin_in(anna: Chat) -> str:
    found = re.search(r"<code>(\d{6})</code>", anna.words)
    assert found, anna.words
    return found[1]


def test_a_login_is_confirmed_in_the_chat_and_finished_in_the_browser(app: FakeApp, anna: Chat) -> None:
    browser = Client(app)
    code = begin(browser)
    assert f"?start=login_{code}" in browser.get("/login/code", code=code).text
    anna.say(f"/start login_{code}")
    assert "Firefox, Linux" in anna.words
    anna.press("Yes, it is me")
    assert enter(browser, code, pin_in(anna)) == 303
    assert browser.get("/wallet").status == 200


def test_a_browser_that_tells_nothing_of_itself_is_called_unknown(app: FakeApp, anna: Chat) -> None:
    anna.say(f"/start login_{begin(Client(app), headers={})}")
    assert "A browser we do not know" in anna.words


def test_a_wrong_code_is_told_and_may_be_corrected(app: FakeApp, anna: Chat) -> None:
    browser = Client(app)
    code = begin(browser)
    assert enter(browser, code, "123456") == 422
    anna.say(f"/start login_{code}")
    anna.press("Yes, it is me")
    assert enter(browser, code, f" {pin_in(anna)[:3]} {pin_in(anna)[3:]} ") == 303


def test_the_code_is_of_no_use_in_another_browser(app: FakeApp, anna: Chat) -> None:
    code = begin(Client(app))
    anna.say(f"/start login_{code}")
    anna.press("Yes, it is me")
    thief = Client(app)
    assert enter(thief, code, pin_in(anna)) == 409
    assert thief.get("/wallet").status == 303


def test_who_says_it_was_not_me_ends_it(app: FakeApp, anna: Chat) -> None:
    browser = Client(app)
    code = begin(browser)
    anna.say(f"/start login_{code}")
    anna.press("It was not me")
    assert "Nobody was logged in" in anna.words
    assert browser.get("/login/code", code=code).status == 409


def test_a_login_that_is_over_or_made_up_says_so_in_the_chat(app: FakeApp, anna: Chat) -> None:
    for code in ("aaaaaaaaaaaaaaaa", "x", "'; drop", "🙂"):
        anna.say(f"/start login_{code}")
        assert "This login has expired" in anna.words


def test_made_up_codes_are_answered_in_the_browser(app: FakeApp) -> None:
    browser = Client(app)
    for code in ("", "aaaaaaaaaaaaaaaa", "../..", "я" * 16):
        assert browser.get("/login/code", code=code).status == 409
    assert browser.post_form("/login/code", csrf=False, code="x", pin="1").status == 403
    assert browser.post_form("/login/code/begin", csrf=False).status == 403


def test_the_way_back_stays_on_the_site(app: FakeApp, anna: Chat) -> None:
    browser = Client(app)
    fields: dict[str, Any] = {"csrf_token": token_of(browser), "next": "//evil.example"}
    answer = browser.post_form("/login/code/begin", csrf=False, **fields)
    assert "evil" not in answer.headers["location"]
