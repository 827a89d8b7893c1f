"""Kept-open HTTP connections to one host."""

from __future__ import annotations

import http.client
import os
import ssl
import time
from collections import deque
from collections.abc import Mapping
from urllib.parse import urlsplit

from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError

CONNECT_SECONDS = 2.0
READ_SECONDS = 5.0
LONGEST_IDLE = 30.0
"""Seconds after which a connection is opened anew: a frozen Lambda does not notice that the other side hung up."""


class Wire:
    """Exchanges with one host; each thread takes a connection of its own for as long as an exchange lasts."""

    def __init__(self, url: str) -> None:
        """`url` is scheme, host and port; what follows is ignored."""
        parts = urlsplit(url)
        self.url, self.host, self._secure = url, parts.netloc, parts.scheme == "https"
        self._idle: deque[tuple[float, http.client.HTTPConnection]] = deque()
        self._trust = _trust() if self._secure else None

    def exchange(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and content. Raises botocore's errors of connecting and reading."""
        connection = self._take()
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            content = answer.read()
        except TimeoutError as error:
            connection.close()
            raise ReadTimeoutError(endpoint_url=self.url) from error
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise ConnectionClosedError(endpoint_url=self.url) from error
        if answer.will_close:
            connection.close()
        else:
            self._idle.append((time.time(), connection))
        return answer.status, answer.headers, content  # type: ignore[return-value]

    def _take(self) -> http.client.HTTPConnection:
        while self._idle:
            try:
                used_at, connection = self._idle.pop()
            except IndexError:  # another thread was quicker
                break
            if time.time() - used_at <= LONGEST_IDLE:  # not monotonic: that clock may stand still in a frozen process
                return connection
            connection.close()
        return self._connect()

    def _connect(self) -> http.client.HTTPConnection:
        if self._trust:
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                self.host, timeout=CONNECT_SECONDS, context=self._trust
            )
        else:
            connection = http.client.HTTPConnection(self.host, timeout=CONNECT_SECONDS)
        try:
            connection.connect()
        except OSError as error:
            raise EndpointConnectionError(endpoint_url=self.url, error=error) from error
        connection.sock.settimeout(READ_SECONDS)
        return connection


def _trust() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=os.environ.get("AWS_CA_BUNDLE"))
