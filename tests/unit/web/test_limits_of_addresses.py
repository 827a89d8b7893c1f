"""Logins, searches and forms of visitors are limited by the address that they come from, where an operator wants it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from starbid.domain import address_limits
from starbid.domain.address_limits import Traffic
from starbid.domain.limits import Draw, Limit
from starbid.further.email.links import STOP_PATH
from starbid.services.ports import Unavailable
from tests.support.factories import ANNA, join
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Answer, Client, event
from web.app import handle

TWO = Limit(2, 60)
REQUESTS: dict[str, Callable[[Client], Answer]] = {
    "a login by a query": lambda visitor: visitor.get("/login/telegram", id=1, hash="x"),
    "a login from Telegram": lambda visitor: visitor.post_form("/login/webapp", init_data="x"),
    "a login that comes back": lambda visitor: visitor.get("/login/oidc/callback", code="x", state="x"),
    "a code": lambda visitor: visitor.post_form("/login/code", code="x"),
    "a search": lambda visitor: visitor.get("/", q="lamp"),
    "a suggestion": lambda visitor: visitor.get("/suggest", q="lamp"),
    "a search of the API": lambda visitor: visitor.get("/api/v1/auctions", q="lamp"),
    "a search of the feed": lambda visitor: visitor.get("/rss", q="lamp"),
    "a form": lambda visitor: visitor.post_form("/language", language="ru"),
}


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    for traffic in Traffic:
        monkeypatch.setitem(address_limits.ADDRESS_LIMITS, traffic, TWO)
    app = make_app({"ADDRESS_LIMITS": "1"})
    join(app, ANNA)
    return app


@pytest.mark.parametrize("what", REQUESTS)
def test_too_many_from_one_address_are_told_so_with_the_time_to_wait(app: FakeApp, what: str) -> None:
    first = [REQUESTS[what](Client(app)) for _ in range(3)]
    assert [answer.status == 429 for answer in first] == [False, False, True]
    assert 1 <= int(first[2].headers["retry-after"]) <= 30
    assert "short time" in first[2].text
    app.clock.forward(seconds=int(first[2].headers["retry-after"]))
    assert REQUESTS[what](Client(app)).status != 429


def test_it_is_told_in_the_readers_language_and_in_the_shape_of_the_api(app: FakeApp) -> None:
    for _ in range(2):
        Client(app).get("/", q="lamp")
    assert "Слишком" in Client(app).get("/", q="lamp", headers={"accept-language": "ru"}).text
    assert Client(app).get("/api/v1/auctions", q="lamp").code == "too_many_requests"


def test_each_kind_and_each_address_has_a_bucket_of_its_own(app: FakeApp) -> None:
    for _ in range(3):
        REQUESTS["a search"](Client(app))
    assert REQUESTS["a form"](Client(app)).status != 429
    assert search_from(app, "198.51.100.7") == 200


def test_a_household_of_ipv6_is_one_address(app: FakeApp) -> None:
    found = [search_from(app, f"2001:db8:0:1::{number:x}") for number in range(3)]
    assert found == [200, 200, 429]
    assert search_from(app, "2001:db8:0:2::1") == 200
    assert search_from(app, "nonsense::of::it") == 200


def search_from(app: FakeApp, address: str) -> int:
    asked: dict[str, Any] = event("GET", "/", "q=lamp")
    asked["requestContext"]["http"]["sourceIp"] = address
    return int(handle(asked, app)["statusCode"])


def test_pages_and_what_people_do_who_are_logged_in_are_not_counted(app: FakeApp) -> None:
    anna = Client(app).log_in(ANNA)
    for _ in range(4):
        assert (
            Client(app).get("/").status == Client(app).get("/", q=" ").status == Client(app).get("/login").status == 200
        )
        assert anna.post_form("/language", language="en").status == 303


def test_mail_providers_unsubscribe_as_many_as_want_it(app: FakeApp) -> None:
    body, headers = b"List-Unsubscribe=One-Click", {"content-type": "application/x-www-form-urlencoded"}
    answers = {Client(app).send("POST", STOP_PATH, "t=x", headers, body).status for _ in range(5)}
    assert 429 not in answers


def test_there_are_none_unless_an_operator_wants_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(address_limits.ADDRESS_LIMITS, Traffic.SEARCH, TWO)
    app = make_app()
    assert {Client(app).get("/", q="lamp").status for _ in range(5)} == {200}


def test_a_store_that_cannot_count_lets_people_through(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> int:
        raise Unavailable

    monkeypatch.setattr(app.allowances, "draw", fails)
    assert {Client(app).get("/", q="lamp").status for _ in range(5)} == {200}


def test_no_address_is_kept(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    keys: list[str] = []

    def draws(key: str, _: Draw) -> int:
        keys.append(key)
        return 0

    monkeypatch.setattr(app.allowances, "draw", draws)
    Client(app).get("/", q="lamp")
    assert len(keys) == 1
    assert "127.0.0.1" not in keys[0]
