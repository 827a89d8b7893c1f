"""urllib3's connections, kept between requests in a process that may be frozen in between."""

from __future__ import annotations

import ssl
import time
from queue import LifoQueue
from typing import Any

from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool, PoolManager, Timeout

LONGEST_IDLE = 30.0
"""Seconds after which a connection is not reused. A frozen Lambda does not notice that the other side hung up, and a
request sent on such a connection counts as a lost answer."""

_CHUNK = 65_536


class AnswerTooLong(Exception):
    """An answer of more bytes than anything we asked for has."""


class KeptConnections(PoolManager):
    """A pool manager that retries nothing. Certificates are those of `ca_file`, or else the system's."""

    def __init__(self, *, size: int, connect_seconds: float, read_seconds: float, ca_file: str | None = None) -> None:
        super().__init__(
            maxsize=size,
            timeout=Timeout(connect=connect_seconds, read=read_seconds),
            retries=False,
            # one for all: urllib3 would read the file for each connection
            ssl_context=ssl.create_default_context(cafile=ca_file) if ca_file else None,
        )
        self.pool_classes_by_scheme = {"http": PlainPool, "https": SafePool}


class _Waiting(LifoQueue[Any]):
    """Idle connections. One that was idle for too long is closed; urllib3 then opens it again."""

    def _put(self, item: Any) -> None:
        super()._put((time.time(), item))  # not monotonic: that clock may stand still in a frozen process

    def _get(self) -> Any:
        since, connection = super()._get()
        if connection is not None and time.time() - since > LONGEST_IDLE:
            connection.close()
        return connection


class PlainPool(HTTPConnectionPool):
    QueueCls = _Waiting


class SafePool(HTTPSConnectionPool):
    QueueCls = _Waiting


def read_whole(response: BaseHTTPResponse, most: int, until: float) -> bytes:
    """A whole body that was not loaded before. One that drips is given up at `until`, by the monotonic clock, and an
    endless one after `most` bytes. Raises TimeoutError, AnswerTooLong, and what urllib3 raises.
    """
    parts, size = [], 0
    try:
        while part := response.read1(_CHUNK):
            parts.append(part)
            size += len(part)
            if size > most:
                raise AnswerTooLong
            if time.monotonic() > until:
                raise TimeoutError
    except BaseException:
        response.close()
        raise
    response.release_conn()
    return b"".join(parts)
