"""Keep-alive connections to one address, for requests and answers as DynamoDB has them.

Connecting, TLS and time-outs are the standard library's. Its `http.client` would send a request in two parts after a
look at every header, and put the headers of the answer through the parser of e-mail: three times the CPU of all that is
here. An answer of DynamoDB has a status line, a dozen plain headers and a body of a known length, and is read as just
that; whatever is anything else is an error here, and for botocore to deal with.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from socket import socket
from typing import BinaryIO
from urllib.parse import urlsplit

from urllib3.util import wait_for_read

LONGEST_LINE, MOST_HEADERS = 65_536, 100


class Unreadable(Exception):
    """An answer that is none of HTTP/1.1 with a length: nothing that DynamoDB sends."""


@dataclass(frozen=True)
class Answer:
    """A whole answer; names of headers in lower case."""

    status_code: int
    headers: dict[str, str]
    content: bytes


class Connections:
    """As many connections as threads ask at once; thread-safe. `ca_file`: whose certificates are trusted."""

    def __init__(self, url: str, *, connect_seconds: float, read_seconds: float, ca_file: str | None) -> None:
        self._address, self._times = urlsplit(url), (connect_seconds, read_seconds)
        is_safe = self._address.scheme == "https"
        self._context = ssl.create_default_context(cafile=ca_file) if is_safe else None
        self._idle: list[socket] = []

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Sends and reads. Raises OSError, Unreadable; the connection is then closed, and what became of the request
        is not known. Raises ValueError for a header that would be two."""
        request = _head(path, headers) + body
        sock = self._free() or self._new()
        try:
            sock.sendall(request)
            with sock.makefile("rb") as file:
                answer = _read(file)
        except BaseException:
            sock.close()
            raise
        if answer.headers.get("connection", "").lower() == "close":
            sock.close()
        else:
            self._idle.append(sock)
        return answer

    def _free(self) -> socket | None:
        """One that is open still: the other side hangs up on those that idle, as in a Lambda that was frozen."""
        while self._idle:
            try:
                sock = self._idle.pop()
            except IndexError:  # another thread was faster
                break
            if not wait_for_read(sock, timeout=0):
                return sock
            sock.close()
        return None

    def _new(self) -> socket:
        host, port, (connect_seconds, read_seconds) = self._address.hostname or "", self._address.port, self._times
        connection = (
            HTTPSConnection(host, port, timeout=connect_seconds, context=self._context)
            if self._context
            else HTTPConnection(host, port, timeout=connect_seconds)
        )
        connection.connect()
        sock: socket = connection.sock
        sock.settimeout(read_seconds)
        return sock


def _head(path: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    head = "\r\n".join(lines)
    if head.count("\n") != len(lines) - 1 or head.count("\r") != len(lines) - 1:
        raise ValueError("a line break in a header")
    return head.encode("latin-1")


def _read(file: BinaryIO) -> Answer:
    """Raises OSError where the connection ends before the answer does, Unreadable."""
    version, _, status = _line(file).partition(b" ")
    if version != b"HTTP/1.1" or not status[:3].isdigit():
        raise Unreadable("no status")
    headers = _headers(file)
    length = headers.get("content-length", "")
    if not length.isdigit() or "transfer-encoding" in headers:
        raise Unreadable("no length")
    content = file.read(int(length))
    if len(content) < int(length):
        raise ConnectionResetError("ended within an answer")
    return Answer(int(status[:3]), headers, content)


def _headers(file: BinaryIO) -> dict[str, str]:
    lines: list[str] = []
    while (line := _line(file)) != b"\r\n":
        lines.append(line.decode("latin-1"))
        if len(lines) > MOST_HEADERS:
            raise Unreadable("too many headers")
    parts = (line.partition(":") for line in lines)
    return {name.lower(): value.strip() for name, _, value in parts}


def _line(file: BinaryIO) -> bytes:
    line = file.readline(LONGEST_LINE)
    if len(line) == LONGEST_LINE:
        raise Unreadable("a line too long")
    if not line.endswith(b"\n"):
        raise ConnectionResetError("ended before an answer")
    return line
