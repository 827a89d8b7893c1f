"""What every request to the API has to be, and who may send it."""

from __future__ import annotations

import pytest

from tests.support.factories import ANNA, BORIS, market, put_up
from tests.support.fakes import FakeApp
from tests.support.web import Answer, Client, program
from web.kernel.http import local_path
from web.kernel.session import SESSION_COOKIE


@pytest.fixture
def app() -> FakeApp:
    app, _ = market(start_price=100)
    return app


@pytest.fixture
def path(app: FakeApp) -> str:
    return f"/api/v1/auctions/{next(iter(app.store.tables.auctions))}/bids"


def bids(app: FakeApp) -> int:
    return len(app.store.tables.bids)


def assert_error(answer: Answer, status: int, code: str) -> None:
    assert (answer.status, answer.code) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"


# --- bodies -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"amount=500",
        b'{"amount": 500',
        b'{"amount": NaN}',
        b'{"amount": Infinity}',
        b"[]",
        b'"500"',
        b"500",
        b"null",
        b'{"amount": 500}{"amount": 600}',
        b"\xff\xfe\x00",
        b'{"amount": "\xc3\x28"}',
        b'{"amount": "\\ud800"}',
        b"[" * 50_000,
        b'{"a":' * 9_000,
        b"\x00",
    ],
)
def test_a_body_that_is_no_json_object_is_malformed(app: FakeApp, path: str, body: bytes) -> None:
    assert_error(program(app, ANNA).post(path, body, headers={"content-type": "application/json"}), 400, "malformed")
    assert not bids(app)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json", "json"]
)
def test_a_body_of_another_kind_is_415(app: FakeApp, path: str, kind: str) -> None:
    answer = program(app, ANNA).post(path, b'{"amount": 500}', headers={"content-type": kind})
    assert_error(answer, 415, "unsupported_media_type")
    assert not bids(app)


@pytest.mark.parametrize(
    "kind", ["application/json", "Application/JSON; charset=utf-8", "application/vnd.api+json", ""]
)
def test_json_under_its_names_is_taken(app: FakeApp, path: str, kind: str) -> None:
    assert program(app, ANNA).post(path, b'{"amount": 500}', headers={"content-type": kind}).status == 201


def test_a_huge_body_is_413(app: FakeApp, path: str) -> None:
    anna = program(app, ANNA)
    assert_error(anna.post(path, {"amount": 500, "padding": "x" * 70_000}), 413, "too_large")
    assert_error(anna.post(path, b"x" * 5_000_000), 413, "too_large")
    assert anna.post(path, {"amount": 500, "padding": "x" * 60_000}).status == 201


def test_a_body_that_is_not_base64_is_malformed(app: FakeApp, path: str) -> None:
    from tests.support.web import event
    from web.app import handle

    sent = event("POST", path, "", {"authorization": f"Bearer {program(app, ANNA).token}"})
    assert handle(sent | {"body": "no base64!"}, app)["statusCode"] == 400


def test_a_plain_body_is_read_as_it_is(app: FakeApp, path: str) -> None:
    from tests.support.web import event
    from web.app import handle

    headers = {"Authorization": f"Bearer {program(app, ANNA).token}", "Content-Type": "application/json"}
    sent = event("POST", path, "", headers) | {"body": '{"amount": 500}', "isBase64Encoded": False}
    assert handle(sent, app)["statusCode"] == 201


# --- methods ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/v1/auctions", "GET, HEAD, OPTIONS, POST"),
        ("DELETE", "/api/v1/auctions/lot1", "GET, HEAD, OPTIONS"),
        ("GET", "/api/v1/auctions/lot1/buy", "OPTIONS, POST"),
        ("PATCH", "/api/v1/me", "GET, HEAD, OPTIONS"),
        ("POST", "/api/v1/me/wallet", "GET, HEAD, OPTIONS"),
        ("GET", "/api/v1/tokens/abc", "DELETE, OPTIONS"),
    ],
)
def test_a_method_that_a_path_does_not_know_is_405(app: FakeApp, method: str, path: str, allowed: str) -> None:
    answer = program(app, ANNA).send(method, path)
    assert_error(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == allowed
    asked = Client(app).send("OPTIONS", path)
    assert (asked.status, asked.headers["allow"]) == (204, allowed)


def test_head_is_answered_as_get_and_the_gateway_leaves_out_the_body(app: FakeApp) -> None:
    head, get = (Client(app).send(method, "/api/v1/auctions") for method in ("HEAD", "GET"))
    assert head == get


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1", "/api/v1/", "/api/v2/auctions", "/api/v1/auctions/", "/api/v1/x"]
)
def test_what_is_not_there_is_404_in_json(app: FakeApp, path: str) -> None:
    for method in ("GET", "POST", "OPTIONS"):
        assert_error(Client(app).send(method, path), 404, "not_found")


# --- who --------------------------------------------------------------------------------------------------------------


def test_a_session_acts_with_the_token_in_the_header(app: FakeApp, path: str) -> None:
    assert Client(app).log_in(ANNA).post(path, {"amount": 500}).status == 201


@pytest.mark.parametrize("token", ["", "0" * 64, None])
def test_a_session_without_the_right_token_cannot_act(app: FakeApp, path: str, token: str | None) -> None:
    anna = Client(app).log_in(ANNA)
    headers = {"content-type": "application/json"} | ({} if token is None else {"x-csrf-token": token})
    assert_error(anna.send("POST", path, "", headers, b'{"amount": 500}'), 403, "csrf")
    assert_error(anna.send("DELETE", "/api/v1/tokens/abc", "", headers), 403, "csrf")
    assert not bids(app)


def test_a_field_of_the_body_is_no_token(app: FakeApp, path: str) -> None:
    anna = Client(app).log_in(ANNA)
    body = {"amount": 500, "csrf_token": anna.csrf_token}
    assert_error(anna.post(path, body, headers={"x-csrf-token": ""}), 403, "csrf")


def test_nobody_is_401_whatever_they_send(app: FakeApp, path: str) -> None:
    for body in ({"amount": 500}, b"{", {"amount": 0}):
        assert_error(Client(app).post(path, body), 401, "unauthenticated")
    guest = Client(app)
    guest.cookies[SESSION_COOKIE] = "tampered.cookie"
    assert_error(guest.post(path, {"amount": 500}), 401, "unauthenticated")


def test_a_token_acts_without_a_csrf_token(app: FakeApp, path: str) -> None:
    assert program(app, ANNA).post(path, {"amount": 500}).json["you_lead"] is True


def test_the_authorization_alone_decides_and_the_cookie_is_ignored(app: FakeApp, path: str) -> None:
    both = Client(app, token=program(app, BORIS).token).log_in(ANNA)
    assert both.get("/api/v1/me").json["id"] == BORIS
    assert both.send("POST", path, "", {"content-type": "application/json"}, b'{"amount": 500}').status == 201
    assert both.get(f"{path.removesuffix('/bids')}").json["you_lead"] is True


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer sb_" + "x" * 32,
        "Bearer",
        "Bearer ",
        "",
        "Basic YTpi",
        "sb_" + "x" * 32,
        "Bearer sb_" + "x" * 9000,
        "Bearer ключ",
        "Token abc",
    ],
)
def test_a_wrong_authorization_is_401_even_with_a_good_cookie(app: FakeApp, path: str, authorization: str) -> None:
    anna = Client(app).log_in(ANNA)
    headers = {"authorization": authorization, "x-csrf-token": anna.csrf_token, "content-type": "application/json"}
    assert_error(anna.send("GET", "/api/v1/me", "", headers), 401, "unauthenticated")
    assert_error(anna.send("GET", "/api/v1/auctions", "", headers), 401, "unauthenticated")
    assert_error(anna.send("POST", path, "", headers, b'{"amount": 500}'), 401, "unauthenticated")
    assert not bids(app)


def test_the_scheme_is_read_in_any_case(app: FakeApp) -> None:
    token = program(app, ANNA).token
    assert Client(app).send("GET", "/api/v1/me", "", {"authorization": f"bearer {token}"}).status == 200


def test_a_public_read_costs_no_look_at_the_person(app: FakeApp) -> None:
    put_up(app)
    anna = Client(app).log_in(ANNA)
    app.store.trips.clear()
    anna.get("/api/v1/auctions")
    assert app.store.trips == ["pauses", "listings"]
    anna.get("/api/v1/auctions")
    assert app.store.trips[2:] == ["listings"], "the pauses are looked at once a second"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.com",
        "/.//evil.com/",
        "/..//evil.com",
        "/%2e//evil.com/",
        "/a/..//evil.com",
        "/a//evil.com",
        "/\\evil.com",
    ],
)
def test_no_way_on_leads_to_another_site(target: str) -> None:
    assert local_path(target) == "/"


@pytest.mark.parametrize("target", ["/", "/auction/abc", "/u/xyz/", "/?q=a//b", "/wallet#//c", "/a.b/c..d"])
def test_a_way_on_stays_as_it_is(target: str) -> None:
    assert local_path(target) == target
