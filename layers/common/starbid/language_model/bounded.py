"""Connections that are read for as long as they may be, however the bytes drip in.

A socket's own time-out starts again with each packet: a server that sends a header byte by byte is waited for without
end. Here a time-out is for all that is read until another one is set.
"""

from __future__ import annotations

import io
import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection

from starbid.connections import KeptConnections, PlainPool, SafePool

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class BoundedConnections(KeptConnections):
    """KeptConnections whose time-outs are for the headers as a whole; for what follows them there is `read_within`."""

    def __init__(self, *, size: int, connect_seconds: float, read_seconds: float) -> None:
        super().__init__(size=size, connect_seconds=connect_seconds, read_seconds=read_seconds)
        self.pool_classes_by_scheme = {"http": _BoundedPool, "https": _BoundedSafePool}


def read_within(response: BaseHTTPResponse, seconds: float) -> None:
    """All that is read of this answer from now on takes so long at most, or urllib3 raises ReadTimeoutError."""
    connection = response.connection  # None where it was read to its end: others may use the connection by now
    if isinstance(connection, _Bounded | _BoundedSafe):
        connection.bounded.settimeout(seconds)


def hang_up(response: BaseHTTPResponse) -> None:
    """End the connection of an answer: the thread that waits at it reads its end."""
    connection = response.connection
    if isinstance(connection, _Bounded | _BoundedSafe):
        with suppress(OSError):
            connection.bounded.shutdown(socket.SHUT_RDWR)


class _BoundedSocket:
    """A socket, and until when it may be read."""

    def __init__(self, plain: Any) -> None:
        self._plain, self._until = plain, float("inf")

    def settimeout(self, seconds: float | None) -> None:
        self._until = float("inf") if seconds is None else time.monotonic() + seconds
        self._plain.settimeout(seconds)

    def left(self) -> float | None:
        """Seconds; None without a time-out. Raises TimeoutError."""
        if self._until == float("inf"):
            return None
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        return left

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        """What http.client reads answers from: binary, for nothing else."""
        return io.BufferedReader(_Reader(self, self._plain))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plain, name)


class _Reader(io.RawIOBase):
    """Sets what is left as the time-out of each packet."""

    def __init__(self, bounded: _BoundedSocket, plain: Any) -> None:
        self._bounded, self._plain = bounded, plain
        self._raw: io.RawIOBase = plain.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        self._plain.settimeout(self._bounded.left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Bounded(HTTPConnection):
    bounded: _BoundedSocket

    def connect(self) -> None:
        super().connect()
        self.sock = self.bounded = _BoundedSocket(self.sock)


class _BoundedSafe(HTTPSConnection):
    bounded: _BoundedSocket

    def connect(self) -> None:
        super().connect()
        self.sock = self.bounded = _BoundedSocket(self.sock)


class _BoundedPool(PlainPool):
    ConnectionCls = _Bounded


class _BoundedSafePool(SafePool):
    ConnectionCls = _BoundedSafe
