"""What may become of an answer of a provider, byte by byte."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Any


class Fault(StrEnum):
    """What becomes of an answer."""

    SLOW = "slow"
    DRIP = "drip"
    ENDLESS = "endless"
    HALF = "half"
    CLOSED = "closed"
    NO_JSON = "no json"
    NOT_UTF8 = "not utf-8"
    DEEP = "deep"
    LIST = "list"
    OTHER_SHAPE = "other shape"
    OTHER_BILL = "other bill"
    EMPTY = "empty"
    REDIRECT = "redirect"
    S500 = "500"
    S503 = "503"
    S408 = "408"
    S429 = "429"
    S400 = "400"
    S401 = "401"
    S403 = "403"


OPEN = (
    *(Fault.SLOW, Fault.DRIP, Fault.ENDLESS, Fault.HALF, Fault.CLOSED, Fault.NO_JSON, Fault.NOT_UTF8, Fault.DEEP),
    *(Fault.LIST, Fault.OTHER_SHAPE, Fault.EMPTY, Fault.REDIRECT, Fault.S500, Fault.S503, Fault.S408),
)
"""After these nobody knows whether the call was carried out."""
NOT_DONE = (Fault.S400, Fault.S401, Fault.S403, Fault.S429)


def _slow(handler: Any, slow_seconds: float, said: bytes) -> None:
    time.sleep(slow_seconds)
    handler.reply(200, said)


def _drip(handler: Any, slow_seconds: float, said: bytes) -> None:
    """Never silent for long, and never done."""
    handler.reply(200, b"", length=10_000)
    until = time.monotonic() + 20 * slow_seconds
    while time.monotonic() < until:
        handler.wfile.write(b" ")
        time.sleep(0.02)


def _endless(handler: Any, slow_seconds: float, said: bytes) -> None:
    handler.reply(200, b"", length=10**9)
    for _ in range(1000):
        handler.wfile.write(b" " * 65_536)


def _half(handler: Any, slow_seconds: float, said: bytes) -> None:
    handler.reply(200, said[: len(said) // 2], length=len(said))
    _hang_up(handler)


def _closed(handler: Any, slow_seconds: float, said: bytes) -> None:
    _hang_up(handler)


def _hang_up(handler: Any) -> None:
    handler.close_connection = True
    handler.wfile.flush()
    handler.connection.shutdown(socket.SHUT_RDWR)


def _fixed(body: bytes) -> Callable[[Any, float, bytes], None]:
    return lambda handler, _seconds, _said: handler.reply(200, body)


SPOILS: dict[Fault, Callable[[Any, float, bytes], None]] = {
    Fault.SLOW: _slow,
    Fault.DRIP: _drip,
    Fault.ENDLESS: _endless,
    Fault.HALF: _half,
    Fault.CLOSED: _closed,
    Fault.NO_JSON: _fixed(b"<html>Bad Gateway</html>"),
    Fault.NOT_UTF8: _fixed(b'{"ok": true, "x": "\xff"}'),
    Fault.DEEP: _fixed(b"[" * 200_000),
    Fault.LIST: _fixed(b"[1, 2]"),
    Fault.OTHER_SHAPE: _fixed(b'{"ok": true, "result": {"items": {"a": 1}}, "status": "PAID", "amount": 500}'),
    Fault.EMPTY: _fixed(b""),
    Fault.REDIRECT: lambda handler, _seconds, _said: handler.reply(302, b"{}", Location="/elsewhere"),
}
