"""The local run's own addresses, and what it passes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from werkzeug.wrappers import Response

from local.site import CHAT, MODEL, PAY, Site
from tests.support.json_client import JsonClient


class Controls:
    def __init__(self) -> None:
        self.time = datetime(2030, 1, 1, 12, tzinfo=UTC)
        self.advanced: list[float] = []

    def now(self) -> datetime:
        return self.time

    def advance(self, seconds: float) -> int:
        self.advanced.append(seconds)
        self.time += timedelta(seconds=seconds)
        return 3


@pytest.fixture
def controls() -> Controls:
    return Controls()


def _client(controls: Controls, *, chat: bool = True) -> JsonClient:
    def stand_in(environ: Any, start_response: Any) -> Any:
        return Response(f"{environ['SCRIPT_NAME']} {environ['PATH_INFO']}")(environ, start_response)

    mounts = dict.fromkeys((CHAT, PAY, MODEL), stand_in) if chat else {}
    return JsonClient(Site(Response("function"), controls, mounts))


def test_everything_else_goes_to_the_functions(controls: Controls) -> None:
    client = _client(controls)
    assert client.get("/").text == "function"
    assert client.post("/telegram/webhook").text == "function"
    assert client.get("/_locality").text == "function"


def test_health_is_told_only_when_ready(controls: Controls) -> None:
    site = Site(Response("function"), controls, {})
    assert JsonClient(site).get("/healthz").status_code == 503
    site.ready = True
    assert JsonClient(site).get("/healthz").text == "function"


def test_the_stand_in_is_mounted(controls: Controls) -> None:
    assert _client(controls).get("/_local/telegram/x").text == "/_local/telegram /x"
    assert _client(controls).get("/_local/telegram?start=a_1").headers["Location"] == "/_local/telegram/?start=a_1"
    assert _client(controls, chat=False).get("/_local/telegram/x").status_code == 404


def test_the_clock_is_told_and_moved(controls: Controls) -> None:
    client = _client(controls)
    assert client.get("/_local/clock").json == {"now": "2030-01-01T12:00:00.000Z"}
    answer = client.post("/_local/advance", data={"seconds": "1.5"})
    assert (answer.status_code, answer.json) == (200, {"now": "2030-01-01T12:00:01.500Z", "fired": 3})


def test_a_browser_comes_back_to_the_page(controls: Controls) -> None:
    answer = _client(controls).post("/_local/advance", data={"seconds": "60"}, headers={"Accept": "text/html,*/*"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/_local/")


@pytest.mark.parametrize("seconds", [None, "", " ", "x", "-0.001", "nan", "inf", "-inf", "1e12", "1,5"])
def test_what_is_no_length_of_time_is_refused_with_words(controls: Controls, seconds: str | None) -> None:
    data = {} if seconds is None else {"seconds": seconds}
    answer = _client(controls).post("/_local/advance", data=data)
    assert answer.status_code == 400
    assert "`seconds`" in answer.json["message"]
    assert controls.advanced == []


def test_the_page_links_site_stand_ins_and_clock(controls: Controls) -> None:
    page, other = _client(controls).get("/_local").text, _client(controls, chat=False).get("/_local/").text
    assert 'href="/"' in page
    assert "Tuesday, 01 January 2030, 12:00:00 UTC" in page
    for stand_in in (CHAT, PAY, MODEL):
        assert f'href="{stand_in}/"' in page
        assert f'href="{stand_in}/"' not in other


def test_other_methods_and_addresses_of_its_own_are_refused(controls: Controls) -> None:
    assert _client(controls).get("/_local/advance").status_code == 405
    assert _client(controls).post("/_local/clock").status_code == 405
    assert _client(controls).get("/_local/x").status_code == 404
    assert _client(controls).head("/_local/clock").status_code == 200


EVERY_OWN_REQUEST = [
    ("GET", "/_local/"),
    ("GET", "/_local/clock"),
    ("POST", "/_local/advance"),
    ("GET", "/_local/telegram/people"),
    ("GET", "/_local/telegram/open/5"),
    ("POST", "/_local/telegram/people"),
    ("POST", "/_local/telegram/api/bot1:a/sendMessage"),
    ("GET", "/_local/telegram/api/bot1:a/sendMessage"),
    ("POST", "/_local/openai/"),
    ("GET", "/_local/openai/v1/models"),
    ("POST", "/_local/openai/v1/chat/completions"),
]


@pytest.mark.parametrize(("method", "path"), EVERY_OWN_REQUEST)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example"},
        {"Host": "localhost:81"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "iframe"},
    ],
)
def test_web_pages_of_others_are_refused_with_words(
    controls: Controls, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = _client(controls).open(path, method=method, data={"seconds": "60"}, headers=headers)
    assert answer.status_code == 403
    assert len(answer.json["message"]) > 20
    assert controls.advanced == []


def test_our_own_page_moves_the_clock(controls: Controls) -> None:
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert _client(controls).post("/_local/advance", data={"seconds": "1"}, headers=headers).status_code == 200


def test_links_on_other_sites_open_pages_and_nothing_else(controls: Controls) -> None:
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    client = _client(controls)
    for path in ("/_local", "/_local/", "/_local/telegram/", "/_local/telegram/invoice/x", "/_local/openai/"):
        assert client.get(path, headers=link).status_code == 200, path
    assert client.get("/_local/telegram?start=a", headers=link).status_code == 302
    assert client.get("/_local/openai", headers=link).headers["Location"] == "/_local/openai/"
    for path in ("/_local/clock", "/_local/telegram/open/5", "/_local/telegram/people", "/_local/telegram/media/x"):
        assert client.get(path, headers=link).status_code == 403, path
    assert client.post("/_local/telegram/", headers=link).status_code == 403


def test_the_page_is_shown_in_no_frame(controls: Controls) -> None:
    assert "frame-ancestors 'none'" in _client(controls).get("/_local/").headers["Content-Security-Policy"]


def test_the_site_itself_is_not_guarded_here(controls: Controls) -> None:
    answer = _client(controls).post("/telegram/webhook", headers={"Origin": "http://evil.example", "Host": "a.example"})
    assert answer.text == "function"
