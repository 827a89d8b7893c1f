"""A stand-in with a fake webhook, and a Bot API client that needs no socket."""

import io
import json
import struct
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from local.telegram.app import StandIn, create_app
from tests.support.json_client import Answer, JsonClient

TOKEN = "123456:TEST-token"
SITE = "http://127.0.0.1:8000"
ANNA, BORIS = 1001, 1002


def _png(width: int = 4, height: int = 3) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\x40\x80\xc0" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@dataclass
class Webhook:
    """The bot's side: keeps updates and answers with `status`; `react` may call the Bot API meanwhile."""

    status: int = 200
    updates: list[dict[str, Any]] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    react: Callable[[dict[str, Any]], object] | None = None

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        update = json.loads(body)
        self.updates.append(update)
        self.headers.append(headers)
        if self.react:
            self.react(update)
        return self.status

    def of(self, kind: str) -> list[Any]:
        """What came under a kind of update."""
        return [update[kind] for update in self.updates if kind in update]


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def advance(self, **spans: float) -> None:
        self.time += timedelta(**spans)


class World:
    """A stand-in under test and short ways to use it."""

    token, site, anna, boris, png = TOKEN, SITE, ANNA, BORIS, staticmethod(_png)

    def __init__(self, folder: Path, **options: Any) -> None:
        self.folder = folder
        self.webhook = Webhook()
        self.clock = Clock()
        self.pictures: dict[str, bytes] = {}
        self.options = {"retry_delays": (0.0,), "checkout_seconds": 5.0, **options}
        self.open()

    def open(self) -> None:
        self.stand_in: StandIn = create_app(
            data_dir=self.folder,
            token=TOKEN,
            bot_username="starbid_bot",
            site_url=SITE,
            webhook_url=f"{SITE}/telegram/webhook",
            webhook_secret="hush",
            now=self.clock,
            transport=self.webhook,
            fetch=self._fetch,
            **self.options,
        )
        self.client = JsonClient(self.stand_in.wsgi)

    def reopen(self) -> None:
        self.stand_in.close()
        self.open()

    def _fetch(self, url: str) -> bytes:
        if url not in self.pictures:
            raise OSError("no such host")
        return self.pictures[url]

    def call(self, method: str, **parameters: Any) -> Answer:
        return self.client.post(f"/api/bot{TOKEN}/{method}", json=parameters)

    def ok(self, method: str, **parameters: Any) -> Any:
        answer = self.call(method, **parameters)
        assert answer.status_code == 200, answer.text
        return answer.json["result"]

    def refusal(self, method: str, **parameters: Any) -> tuple[int, str]:
        answer = self.call(method, **parameters)
        assert answer.json["ok"] is False
        assert answer.json["error_code"] == answer.status_code
        return answer.status_code, answer.json["description"]

    def upload(self, method: str, name: str, data: bytes, **parameters: Any) -> Answer:
        form = {**parameters, name: (io.BytesIO(data), "picture.png", "image/png")}
        return self.client.post(f"/api/bot{TOKEN}/{method}", data=form)

    def person(self, person_id: int, action: str, **fields: Any) -> Answer:
        return self.client.post(f"/chats/{person_id}/{action}", json=fields)

    def say(self, text: str, person_id: int = ANNA) -> dict[str, Any]:
        answer = self.person(person_id, "messages", text=text)
        assert answer.status_code == 201, answer.text
        assert self.drain()
        said: dict[str, Any] = answer.json
        return said

    def chat(self, person_id: int = ANNA, since: int = 0) -> Any:
        return self.client.get(f"/chats/{person_id}?since={since}").json

    def drain(self) -> bool:
        return self.stand_in.drain(10)

    def approve(self, update: dict[str, Any]) -> None:
        """React to pre-checkout queries as a bot that always agrees."""
        query = update.get("pre_checkout_query")
        if query:
            self.ok("answerPreCheckoutQuery", pre_checkout_query_id=query["id"], ok=True)


@pytest.fixture
def make_world(tmp_path: Path) -> Iterator[Callable[..., World]]:
    worlds: list[World] = []

    def make(**options: Any) -> World:
        worlds.append(World(tmp_path, **options))
        worlds[-1].stand_in.add_person(ANNA, "Anna", "anna", "en", 10_000)
        worlds[-1].stand_in.add_person(BORIS, "Boris", "", "ru", 300)
        return worlds[-1]

    yield make
    for world in worlds:
        world.webhook.react = None
        world.stand_in.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("telegram-")]


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()
