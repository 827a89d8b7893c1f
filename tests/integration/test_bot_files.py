"""A file of Telegram's over a real connection: where it is asked for, and one that breaks off."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from starbid.telegram.bot_api import BotApi, ServerTrouble


class Server(ThreadingHTTPServer):
    """Answers getFile, and a file that breaks off after `given` of 1000 bytes."""

    asked: list[str]
    given: int


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._answer(b'{"ok":true,"result":{"file_id":"p","file_unique_id":"p","file_path":"photos/a b.jpg"}}')

        def do_GET(self) -> None:
            running.asked.append(self.path)
            self._answer(bytes(running.given), 1000)

        def _answer(self, body: bytes, length: int = 0) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            self.send_header("Content-Length", str(length or len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    running = Server(("127.0.0.1", 0), Handler)
    running.asked, running.given = [], 1000
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running
    running.shutdown()
    running.server_close()


@pytest.mark.parametrize(("test", "place"), [(False, "bot1:t"), (True, "bot1:t/test")])
def test_a_file_is_asked_for_at_its_server_and_half_of_one_is_none(server: Server, test: bool, place: str) -> None:
    api = BotApi("1:t", f"http://127.0.0.1:{server.server_address[1]}", test=test)
    assert api.download("p", 1000) == bytes(1000)
    assert server.asked == [f"/file/{place}/photos/a%20b.jpg"]
    assert api.download("p", 999) is None
    server.given = 400
    with pytest.raises(ServerTrouble):
        api.download("p", 1000)
