"""Web pages reach nothing of the emulator but the upload of a picture from the site."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from local.emulator import Emulator

SITE = "http://127.0.0.1:8000"
EVIL = "http://evil.example"


@pytest.fixture(scope="module")
def door() -> Iterator[httpx.Client]:
    running = Emulator(None, [SITE])
    with httpx.Client(base_url=running.endpoint) as client:
        assert client.put("/pictures").status_code == 200
        yield client
    running.stop()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/_ministack/reset"),
        ("GET", "/_ministack/health"),
        ("POST", "/"),
        ("OPTIONS", "/"),
        ("POST", "/pictures"),
        ("POST", "/pictures?delete"),
        ("PUT", "/pictures/a"),
        ("GET", "/pictures"),
        ("GET", "/pictures/a"),
        ("DELETE", "/pictures"),
    ],
)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": EVIL},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Referer": EVIL},
        {"Host": "evil.example"},
    ],
)
def test_no_page_of_others_gets_in(door: httpx.Client, method: str, path: str, headers: dict[str, str]) -> None:
    answer = door.request(method, path, headers={"Content-Type": "text/plain"} | headers, content=b"{}")
    assert (answer.status_code, "Only programs" in answer.text) == (403, True)


def test_a_page_of_the_site_posts_a_picture_and_nothing_else(door: httpx.Client) -> None:
    page = {"Origin": SITE, "Sec-Fetch-Site": "same-site", "Referer": f"{SITE}/new_auction"}
    upload = door.post("/pictures", headers=page, data={"key": "incoming/1"}, files={"file": b"picture"})
    assert upload.status_code in (200, 204)
    assert door.get("/pictures/incoming/1").content == b"picture"
    asked = {"Access-Control-Request-Method": "POST"}
    assert door.options("/pictures", headers=page | asked).status_code != 403
    for method, path in (("POST", "/_ministack/reset"), ("GET", "/pictures/incoming/1"), ("PUT", "/pictures/x")):
        assert door.request(method, path, headers=page).status_code == 403, path


def test_programs_are_not_kept_out(door: httpx.Client) -> None:
    port = door.base_url.port
    for host in (f"127.0.0.1:{port}", f"localhost:{port}"):
        assert door.get("/_ministack/health", headers={"Host": host}).status_code == 200
