"""Keep-alive connections of the standard library to one address, for answers as DynamoDB gives them.

Connecting, TLS, time-outs and sending are `http.client`'s. Its reading of an answer puts the headers through the parser
of e-mail, which takes as long as all the rest; an answer of DynamoDB has a status line, a dozen plain headers and a
body of a known length, and is read as just that. Whatever is anything else is an error here.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from socket import socket
from typing import Any
from urllib.parse import urlsplit

from urllib3.util import wait_for_read

LONGEST_LINE, MOST_HEADERS = 65_536, 100


class Unreadable(HTTPException):
    """An answer that is none of HTTP/1.1 with a length: nothing that DynamoDB sends."""


class Answer:
    """A whole answer: `status_code`, `headers` by their lower-case names, and `content`."""

    def __init__(self, sock: socket, debuglevel: int = 0, method: str | None = None) -> None:
        del debuglevel, method
        self._file = sock.makefile("rb")
        self.status_code, self.headers, self.content = 0, dict[str, str](), b""
        self.will_close = True

    def begin(self) -> None:
        """Reads all of it. Raises OSError where the connection ends before, Unreadable."""
        self.status_code = self._status()
        self.headers = self._headers()
        try:
            length = int(self.headers["content-length"])
        except (KeyError, ValueError):
            raise Unreadable("no length") from None
        self.content = self._file.read(length)
        if len(self.content) < length:
            raise ConnectionResetError("ended within an answer")
        self.will_close = self.headers.get("connection", "").lower() == "close"
        self.close()

    def _status(self) -> int:
        line = self._line()
        version, _, rest = line.partition(b" ")
        if version != b"HTTP/1.1" or not rest[:3].isdigit():
            raise Unreadable("no status")
        return int(rest[:3])

    def _headers(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for _ in range(MOST_HEADERS):
            line = self._line()
            if line == b"\r\n":
                return found
            name, _, value = line.decode("latin-1").partition(":")
            found[name.lower()] = value.strip()
        raise Unreadable("too many headers")

    def _line(self) -> bytes:
        line = self._file.readline(LONGEST_LINE)
        if len(line) == LONGEST_LINE:
            raise Unreadable("a line too long")
        if not line.endswith(b"\n"):
            raise ConnectionResetError("ended before an answer")
        return line

    def isclosed(self) -> bool:
        return self._file.closed

    def close(self) -> None:
        self._file.close()


class Connections:
    """As many connections as threads ask at once; thread-safe. `ca_file`: whose certificates are trusted."""

    def __init__(self, url: str, *, connect_seconds: float, read_seconds: float, ca_file: str | None) -> None:
        self._address, self._times = urlsplit(url), (connect_seconds, read_seconds)
        is_safe = self._address.scheme == "https"
        self._context = ssl.create_default_context(cafile=ca_file) if is_safe else None
        self._idle: list[HTTPConnection] = []

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Sends and reads. Raises OSError, HTTPException; the connection is then closed, and what became of the
        request is not known."""
        connection = self._free() or self._new()
        try:
            connection.request("POST", path, body, headers)
            answer: Any = connection.getresponse()
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        assert isinstance(answer, Answer)
        return answer

    def _free(self) -> HTTPConnection | None:
        """One that is open still: the other side hangs up on those that idle, as in a Lambda that was frozen."""
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # another thread was faster
                break
            if connection.sock and not wait_for_read(connection.sock, timeout=0):
                return connection
            connection.close()
        return None

    def _new(self) -> HTTPConnection:
        host, port, (connect_seconds, read_seconds) = self._address.hostname or "", self._address.port, self._times
        connection = (
            HTTPSConnection(host, port, timeout=connect_seconds, context=self._context)
            if self._context
            else HTTPConnection(host, port, timeout=connect_seconds)
        )
        connection.response_class = Answer  # type: ignore[assignment]
        connection.connect()
        connection.sock.settimeout(read_seconds)
        return connection
