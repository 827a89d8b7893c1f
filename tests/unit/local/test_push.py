"""The push service of the local run: it checks who sends, and reads nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import Client

from local.push.app import LocalPush
from starbid.further.push.vapid import Vapid, new_keys
from tests.support.fake_clock import START

SITE = "http://127.0.0.1:8000"
PRIVATE, PUBLIC = new_keys()


class Place:
    """The service, a browser at it, and the headers that it takes."""

    def __init__(self) -> None:
        self.push = LocalPush(PUBLIC, lambda: START, site_url=SITE)
        self.client = Client(self.push.wsgi)
        self.vapid = Vapid(PRIVATE, PUBLIC, "mailto:push@example.com")
        self.path = self.client.post("/subscribe").headers["Location"].removeprefix(f"{SITE}/_local/push")

    def headers(self, **changes: str) -> dict[str, str]:
        good = {
            "TTL": "60",
            "Content-Encoding": "aes128gcm",
            "Authorization": self.vapid.authorization(SITE, START),
        }
        return {name: value for name, value in (good | changes).items() if value}

    def post(self, headers: Mapping[str, str] | None = None, body: bytes = b"sealed") -> Any:
        return self.client.post(self.path, headers=dict(headers or self.headers()), data=body)


@pytest.fixture
def place() -> Place:
    return Place()


def test_a_message_of_who_the_browser_subscribed_to_is_kept_and_shown(place: Place) -> None:
    assert place.post(place.headers(Topic="abc", Urgency="high")).status_code == 201
    (message,) = place.client.get("/messages").json["items"]  # type: ignore[index]
    assert message["to"] == f"{SITE}/_local/push{place.path}"
    assert (message["headers"]["topic"], message["headers"]["urgency"]) == ("abc", "high")
    page = place.client.get("/").text
    assert "6 bytes" in page
    assert "vapid" not in page


def test_a_message_of_anybody_else_is_refused(place: Place) -> None:
    other = Vapid(*new_keys(), "mailto:push@example.com")
    good = place.vapid.authorization(SITE, START)
    for given in (
        "",
        "Bearer x",
        "vapid t=a.b.c, k=x",
        other.authorization(SITE, START),
        place.vapid.authorization("http://127.0.0.1:9", START),
        Vapid(PRIVATE, PUBLIC, "mailto:a@b.c").authorization(SITE, START - timedelta(days=1)),
        Vapid(PRIVATE, PUBLIC, "mailto:a@b.c").authorization(SITE, START + timedelta(days=1)),
        good.replace("vapid t=", "vapid t=x"),
        good.replace(f"k={PUBLIC}", f"k={new_keys()[1]}"),
        "vapid t=é, k=é",
    ):
        assert place.post(place.headers(Authorization=given)).status_code == 403, given
    assert place.push.service.messages() == []


def test_what_is_wrong_with_a_request_is_told(place: Place) -> None:
    assert place.post(place.headers(TTL="")).status_code == 400
    assert place.post(place.headers(TTL="soon")).status_code == 400
    assert place.post(place.headers(**{"Content-Encoding": "aesgcm"})).status_code == 400
    assert place.post(body=bytes(4097)).status_code == 413
    assert place.post(body=bytes(4096)).status_code == 201


@pytest.mark.parametrize("answer", ["404", "410", "413", "429", "503", "301"])
def test_it_misbehaves_when_told_once_or_until_it_is_told_otherwise(place: Place, answer: str) -> None:
    place.client.post("/", data={"what": answer, "until": "next"})
    assert [place.post().status_code for _ in range(2)] == [int(answer), 201]
    place.client.post("/", data={"what": answer, "until": "changed"})
    told = [place.post() for _ in range(2)]
    assert [each.status_code for each in told] == [int(answer)] * 2
    assert ("Retry-After" in told[0].headers) == (answer == "429")
    assert place.client.post("/", data={"what": "dance"}).status_code == 409
