"""Web pages reach nothing of the emulator but the upload of a picture and signed links, from the site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import httpx
import pytest
from botocore.config import Config

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


def test_a_signed_link_is_read_by_a_page_of_the_site_and_opened_by_itself(door: httpx.Client) -> None:
    door.post("/pictures", data={"key": "logs/1"}, files={"file": b"a log"})
    keys: dict[str, Any] = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "eu-central-1"}
    s3 = boto3.client("s3", endpoint_url=str(door.base_url), config=Config(signature_version="s3v4"), **keys)
    link = s3.generate_presigned_url("get_object", Params={"Bucket": "pictures", "Key": "logs/1"})
    opened = {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate", "Referer": f"{SITE}/auction/1"}
    for page in ({"Origin": SITE, "Sec-Fetch-Site": "same-site"}, opened):
        assert door.get(link, headers=page).content == b"a log"
    assert door.get(link, headers={"Origin": EVIL, "Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert door.request("DELETE", link, headers=opened).status_code == 403


def test_programs_are_not_kept_out(door: httpx.Client) -> None:
    port = door.base_url.port
    for host in (f"127.0.0.1:{port}", f"localhost:{port}"):
        assert door.get("/_ministack/health", headers={"Host": host}).status_code == 200
