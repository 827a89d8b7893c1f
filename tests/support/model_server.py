"""A server of language models on real sockets, which plays an answer byte by byte as a test tells it.

Written from the published reference of streaming chat completions; nothing of our adapter is in it.
"""

from __future__ import annotations

import json
import select
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from tests.support.patient_server import PatientServer


@dataclass(frozen=True)
class Asked:
    """A request: `method` and `path`, headers by their names in lower case, and the JSON of its body."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


Play = Callable[["Line"], None]


class Line:
    """What a play answers `asked` through."""

    def __init__(self, handler: BaseHTTPRequestHandler, server: ModelServer, asked: Asked) -> None:
        self.asked = asked
        self._handler, self._server = handler, server
        self._is_chunked = False

    def begin(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        """The head of an answer in chunks; of one that ends with its connection where `Connection` = `close`."""
        self._is_chunked = headers.get("Connection") != "close"
        self._handler.send_response(status)
        self._handler.send_header("Content-Type", kind)
        if self._is_chunked:
            self._handler.send_header("Transfer-Encoding", "chunked")
        for name, value in headers.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()

    def say(self, data: bytes) -> None:
        self.raw(b"%x\r\n%b\r\n" % (len(data), data) if self._is_chunked else data)

    def raw(self, data: bytes) -> None:
        self._handler.wfile.write(data)
        self._handler.wfile.flush()

    def end(self) -> None:
        if self._is_chunked:
            self.raw(b"0\r\n\r\n")
        else:
            self._handler.close_connection = True

    def whole(self, status: int, said: Any, **headers: str) -> None:
        """An answer of a JSON value, with its length."""
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        self._handler.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()
        self.raw(body)

    def hold(self) -> None:
        """Says nothing more until the other side is gone, or the test is over."""
        connection = self._handler.connection
        while not self._server.over.is_set():
            if select.select([connection], [], [], 0.02)[0]:
                try:
                    if connection.recv(1) == b"":
                        self._server.left.set()
                except OSError:
                    self._server.left.set()
                break
        self._handler.close_connection = True

    def drip(self, data: bytes, seconds: float = 0.02) -> None:
        """Byte by byte and without end, until the other side is gone or the test is over."""
        while not self._server.over.is_set():
            for byte in data:
                try:
                    self.raw(bytes((byte,)))
                except OSError:
                    self._server.left.set()
                    self._handler.close_connection = True
                    return
                time.sleep(seconds)

    def hang_up(self) -> None:
        self._handler.close_connection = True
        self._handler.wfile.flush()
        self._handler.connection.shutdown(socket.SHUT_RDWR)


class ModelServer:
    """Plays what `plays` was told, one play an answer; the last one again and again. `left` is set once somebody goes
    before the end. With a certificate it speaks TLS.
    """

    def __init__(self, certificate: Path | None = None) -> None:
        self.seen: list[Asked] = []
        self.connections = 0
        self.left, self.over = threading.Event(), threading.Event()
        self._plays: deque[Play] = deque()
        self._server = PatientServer(("127.0.0.1", 0), _handler(self))
        self._scheme = "https" if certificate else "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}/v1"

    def plays(self, *plays: Play) -> None:
        self._plays = deque(plays)

    def next_play(self) -> Play:
        return self._plays.popleft() if len(self._plays) > 1 else self._plays[0]

    def stop(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()


def _handler(server: ModelServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            server.connections += 1

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, body)
            server.seen.append(asked)
            server.next_play()(Line(self, server, asked))

        def log_message(self, *_: object) -> None:
            """Quiet."""

    return Handler
