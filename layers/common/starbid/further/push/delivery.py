"""One message to one browser: a POST to its push service (RFC 8030, section 5), and what the answer means.

A service that hangs, drips or never ends is given up when its time is over, whatever it is doing: the whole of an
exchange has one limit. No redirect is followed. Of the answer only its status and its `Retry-After` count, so its body
is not read.
"""

from __future__ import annotations

import http.client
import math
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from functools import cached_property

from starbid.further.push.guard import Forbidden, Lookup, Target, checked, look_up
from starbid.retry_after import seconds_until

CONNECT_SECONDS, EXCHANGE_SECONDS = 3.0, 8.0
LONGEST_WAIT, USUAL_WAIT = 3600, 30
"""Seconds."""


class Outcome(Enum):
    """TAKEN: the service has it. GONE: nobody is at this address any more. LATER: it may be taken in a while. REFUSED:
    it will not be taken.
    """

    TAKEN = auto()
    GONE = auto()
    LATER = auto()
    REFUSED = auto()


@dataclass(frozen=True, slots=True)
class Answer:
    """`seconds` until another try, where it may be taken later. `said`: for the log; no part of an address is in it."""

    outcome: Outcome
    said: str
    seconds: int = 0


class PushLine:
    """Sends. Threads may share one."""

    def __init__(
        self,
        *,
        lookup: Lookup = look_up,
        local_service: str = "",
        tls: ssl.SSLContext | None = None,
        seconds: float = EXCHANGE_SECONDS,
    ) -> None:
        """`local_service`: the address of a push service on this machine (guard.checked). `tls` and `seconds` (for a
        whole exchange) are for tests.
        """
        self._lookup, self._local, self._given_tls, self._seconds = lookup, local_service, tls, seconds

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._given_tls or ssl.create_default_context()

    def target(self, endpoint: str) -> Target | Answer:
        """Where to send to, or why nothing is sent."""
        try:
            return checked(endpoint, self._lookup, self._local)
        except Forbidden as error:
            return Answer(Outcome.GONE, str(error))
        except OSError as error:
            return Answer(Outcome.LATER, f"no address ({type(error).__name__})", USUAL_WAIT)

    def post(self, target: Target, body: bytes, headers: Mapping[str, str], now: datetime) -> Answer:
        connection = _Pinned(target, self._tls if target.is_safe else None)
        timer = threading.Timer(self._seconds, connection.cut)
        timer.daemon = True
        timer.start()
        try:
            connection.request("POST", target.path, body, dict(headers))
            answer = connection.getresponse()
            return meaning(answer.status, answer.headers.get("Retry-After"), now)
        except (OSError, http.client.HTTPException, ValueError) as error:
            said = "no answer in time" if connection.is_cut else f"no answer ({type(error).__name__})"
            return Answer(Outcome.LATER, said, USUAL_WAIT)
        finally:
            timer.cancel()
            connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was checked; the certificate has to be that of the host."""

    def __init__(self, target: Target, tls: ssl.SSLContext | None) -> None:
        super().__init__(target.host, target.port, timeout=CONNECT_SECONDS)
        self.default_port = 443 if target.is_safe else 80  # so that `Host` names no usual port
        self.is_cut = False
        self._target, self._tls = target, tls
        self._wire: socket.socket | None = None

    def connect(self) -> None:
        wire = socket.create_connection((self._target.address, self._target.port), self.timeout)
        wire.settimeout(None)  # from here on there is one limit for everything: a timer cuts the wire
        if self._tls:
            wire = self._tls.wrap_socket(wire, server_hostname=self._target.host, do_handshake_on_connect=False)
        self.sock = self._wire = wire
        if self.is_cut:
            raise TimeoutError
        if isinstance(wire, ssl.SSLSocket):
            wire.do_handshake()

    def cut(self) -> None:
        """End it, from another thread. `sock` may be gone by then, while an answer is still being read from it."""
        self.is_cut = True
        if self._wire is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._wire, socket.SHUT_RDWR)  # SSLSocket's own would drop its state under it


def meaning(status: int, retry_after: str | None, now: datetime) -> Answer:
    """Of an answer's status. A redirect is no answer of a push service, so it is refused."""
    said = f"HTTP {status}"
    if status in (200, 201, 202, 204):
        return Answer(Outcome.TAKEN, said)
    if status in (404, 410):
        return Answer(Outcome.GONE, said)
    if status == 429 or status >= 500:
        return Answer(Outcome.LATER, said, _wait(retry_after, now))
    return Answer(Outcome.REFUSED, said)


def _wait(retry_after: str | None, now: datetime) -> int:
    """Whole seconds: never less than one, nor more than an hour."""
    told = seconds_until(retry_after or "", now.timestamp())
    return USUAL_WAIT if told is None else min(max(math.ceil(told), 1), LONGEST_WAIT)
