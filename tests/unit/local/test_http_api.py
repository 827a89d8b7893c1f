"""HTTP in, Lambda events out, and back again, with the limits of both."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from local.clock import to_ms
from local.http_api import HttpApi, find_route
from tests.unit.local.world import START, World

LIMIT = 6 * 1024 * 1024


class Browser:
    """Asks the HTTP API; `event` is what the function was given, `answer` what it gives back."""

    def __init__(self, world: World) -> None:
        self.answer: Any = {"statusCode": 200, "body": "fine"}
        self._world = world
        world.answers["HttpFunction"] = lambda _event: self.answer
        self._client = Client(HttpApi(world.template.routes, world.functions, world.clock.now), use_cookies=False)

    def ask(self, path: str, method: str = "GET", **more: Any) -> TestResponse:
        return self._client.open(path, method=method, **more)

    @property
    def event(self) -> Any:
        return self._world.calls[-1][2]


@pytest.fixture
def browser(world: World) -> Browser:
    return Browser(world)


def test_a_request_becomes_an_event_of_format_2(browser: Browser) -> None:
    browser.ask(
        "/auction/%D0%B0?q=%D0%BB%D0%BE%D1%82&tag=a&tag=b&empty=",
        headers=[("X-Thing", "one"), ("X-Thing", "two"), ("User-Agent", "tester"), ("Cookie", "a=1; b=2")],
        environ_overrides={"REMOTE_ADDR": "127.0.0.9"},
    )
    event = browser.event
    assert (event["version"], event["routeKey"], event["isBase64Encoded"]) == ("2.0", "$default", False)
    assert event["rawPath"] == "/auction/а"
    assert event["rawQueryString"] == "q=%D0%BB%D0%BE%D1%82&tag=a&tag=b&empty="
    assert event["queryStringParameters"] == {"q": "лот", "tag": "a,b", "empty": ""}
    assert event["cookies"] == ["a=1", "b=2"]
    assert event["headers"]["x-thing"].replace(" ", "") == "one,two"
    assert event["headers"]["x-forwarded-proto"] == "http"
    assert "cookie" not in event["headers"]
    assert "body" not in event
    http = event["requestContext"]["http"]
    assert (http["method"], http["path"], http["sourceIp"], http["userAgent"]) == (
        *("GET", "/auction/а", "127.0.0.9", "tester"),
    )
    assert len(event["requestContext"]["requestId"]) == 36


def test_a_request_arrives_by_the_local_clock_wherever_that_was_moved(browser: Browser, world: World) -> None:
    for moved in (0.0, 90_061.5):
        world.timeline.advance(moved)
        browser.ask("/")
        context = browser.event["requestContext"]
        assert context["timeEpoch"] == world.clock.now_ms() == to_ms(START) + int(moved * 1000)
    assert context["time"] == "02/Jan/2030:13:01:01 +0000"


def test_a_request_arrives_when_its_body_begins(
    browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(_: object) -> bytes:
        world.real_ms += 7_000
        return b""

    monkeypatch.setattr("local.http_api.read_body", slow)
    browser.ask("/", method="POST")
    assert browser.event["requestContext"]["timeEpoch"] == to_ms(START)


def test_a_request_without_query_and_cookies_has_neither(browser: Browser) -> None:
    browser.ask("/")
    assert browser.event["rawQueryString"] == ""
    assert "queryStringParameters" not in browser.event
    assert "cookies" not in browser.event


@pytest.mark.parametrize(
    ("kind", "body", "expected", "encoded"),
    [
        ("application/json", '{"текст": 1}'.encode(), '{"текст": 1}', False),
        ("application/ld+json", b"{}", "{}", False),
        ("text/plain", b"hello", "hello", False),
        ("text/plain", b"\xff\xfe", base64.b64encode(b"\xff\xfe").decode(), True),
        ("application/x-www-form-urlencoded", b"a=1", base64.b64encode(b"a=1").decode(), True),
        ("image/png", b"\x89PNG", base64.b64encode(b"\x89PNG").decode(), True),
    ],
)
def test_text_bodies_stay_text_and_the_rest_comes_in_base64(
    browser: Browser, kind: str, body: bytes, expected: str, encoded: bool
) -> None:
    browser.ask("/", "POST", data=body, content_type=kind)
    assert (browser.event["body"], browser.event["isBase64Encoded"]) == (expected, encoded)


def test_an_answer_becomes_a_response_with_headers_and_cookies(browser: Browser) -> None:
    browser.answer = {
        "statusCode": 303,
        "headers": {"Location": "/x", "Content-Type": "text/html; charset=utf-8", "Content-Length": "999"},
        "cookies": ["a=1; HttpOnly", "b=2"],
        "body": "приве́т",
    }
    response = browser.ask("/")
    assert response.status_code == 303
    assert response.headers["Location"] == "/x"
    assert response.headers.getlist("Set-Cookie") == ["a=1; HttpOnly", "b=2"]
    assert response.headers.getlist("Content-Type") == ["text/html; charset=utf-8"]
    assert response.text == "приве́т"


def test_a_binary_answer_is_decoded(browser: Browser) -> None:
    body = base64.b64encode(b"\x00\x01").decode()
    browser.answer = {
        "statusCode": 200,
        "headers": {"content-type": "image/png"},
        "body": body,
        "isBase64Encoded": True,
    }
    assert browser.ask("/").data == b"\x00\x01"


@pytest.mark.parametrize("answer", [{"status": "ok"}, ["a"], "text", None])
def test_a_bare_answer_becomes_json(browser: Browser, answer: Any) -> None:
    browser.answer = answer
    response = browser.ask("/")
    assert (response.status_code, response.mimetype, response.json) == (200, "application/json", answer)


@pytest.mark.parametrize(
    "answer",
    [
        {"statusCode": 200, "body": 5},
        {"statusCode": "many"},
        {"statusCode": 200, "body": "no base64!", "isBase64Encoded": True},
    ],
)
def test_an_answer_that_the_gateway_would_not_understand_is_an_error(browser: Browser, answer: Any) -> None:
    browser.answer = answer
    response = browser.ask("/")
    assert (response.status_code, response.json) == (500, {"message": "Internal Server Error"})


def test_a_raising_handler_is_a_500_and_its_traceback_is_logged(
    browser: Browser, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.answers["HttpFunction"] = lambda _event: 1 // 0
    response = browser.ask("/")
    assert (response.status_code, response.json) == (500, {"message": "Internal Server Error"})
    assert "ZeroDivisionError" in caplog.text


def test_an_answer_that_is_no_json_is_a_500(browser: Browser) -> None:
    browser.answer = {"statusCode": 200, "body": b"bytes"}
    assert browser.ask("/").status_code == 500


def test_an_event_beyond_6_mb_never_reaches_the_function(browser: Browser, world: World) -> None:
    response = browser.ask("/", "POST", data=b"x" * (LIMIT * 3 // 4), content_type="image/png")
    assert (response.status_code, response.json) == (413, {"message": "Request Too Long"})
    assert world.calls == []


def test_an_event_just_below_6_mb_reaches_the_function(browser: Browser, world: World) -> None:
    response = browser.ask("/", "POST", data=b"x" * (LIMIT * 3 // 4 - 3000), content_type="image/png")
    assert response.status_code == 200
    assert len(world.calls) == 1


def test_a_request_beyond_10_mb_is_refused_by_the_gateway(browser: Browser, world: World) -> None:
    response = browser.ask("/", "POST", data=b"x" * (10 * 1024 * 1024 + 1), content_type="text/plain")
    assert (response.status_code, response.json) == (413, {"message": "Request Entity Too Large"})
    assert world.calls == []


def test_an_answer_beyond_6_mb_is_an_error_with_a_line_in_the_log(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    browser.answer = {"statusCode": 200, "body": "x" * LIMIT}
    assert browser.ask("/").status_code == 500
    assert "response of 6" in caplog.text


def test_particular_routes_come_before_the_default(world: World) -> None:
    def function(method: str, path: str) -> str | None:
        route = find_route(world.template.routes, method, path)
        return None if route is None else f"{route.method} {route.path}"

    assert function("POST", "/hook") == "POST /hook"
    assert function("GET", "/hook") == "ANY $default"
    assert function("GET", "/items/5") == "ANY /items/{id}"
    assert function("GET", "/items/") == "ANY $default"
    assert function("GET", "/items/5/more") == "ANY $default"


def test_a_handler_gets_a_context_like_lambdas(world: World) -> None:
    seen: list[Any] = []
    world.functions._handlers["JobFunction"] = lambda _event, context: seen.append(context)
    world.functions.invoke("JobFunction", {})
    (context,) = seen
    assert context.function_name == "starbid-local-job"
    assert context.invoked_function_arn.endswith(":function:starbid-local-job")
    assert context.memory_limit_in_mb == 128
    assert 59_000 < context.get_remaining_time_in_millis() <= 60_000
    assert len(context.aws_request_id) == 36
