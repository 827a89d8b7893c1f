"""How Bot API calls travel: one pooled urllib3 manager under python-telegram-bot instead of its two httpx clients."""

from __future__ import annotations

import json
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

import urllib3
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from starbid.connections import KeptConnections

T = TypeVar("T")

CONNECT_SECONDS = 3.0
READ_SECONDS = 10.0
POOL_SIZE = 16
LONGEST_WAIT = 3600


class Flooded(TelegramError):
    """Telegram asks for patience (429): `seconds` to wait, at least one."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"flooded, {seconds} s")
        self.seconds = seconds


class PooledRequest(BaseRequest):
    """Answers at once where python-telegram-bot awaits: nothing in it ever suspends, so no event loop is needed.

    Threads may share it. `answer()` is the raw result of the calling thread's last call.
    """

    def __init__(self) -> None:
        self._pool = KeptConnections(size=POOL_SIZE, connect_seconds=CONNECT_SECONDS, read_seconds=READ_SECONDS)
        self._last = threading.local()

    @property
    def read_timeout(self) -> float | None:
        return READ_SECONDS

    async def initialize(self) -> None:
        """Nothing to do: connections are opened when they are needed."""

    async def shutdown(self) -> None:
        self._pool.clear()

    def answer(self) -> Any:
        """`result` of this thread's last answer, as it came; raises LookupError where none came."""
        if not getattr(self._last, "arrived", False):
            raise LookupError
        return self._last.result

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,
        write_timeout: Any = None,
        connect_timeout: Any = None,
        pool_timeout: Any = None,
    ) -> tuple[int, bytes]:
        """One call; the time limits are ours, whatever the caller asks for. Raises TelegramErrors."""
        del read_timeout, write_timeout, connect_timeout, pool_timeout
        self._last.arrived = False
        fields: dict[str, Any] = dict(request_data.json_parameters) if request_data else {}
        files: dict[str, Any] = dict(request_data.multipart_data) if request_data else {}
        try:
            response = self._pool.request(method, url, fields={**fields, **files}, encode_multipart=bool(files))
        except (urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.NewConnectionError) as error:
            raise NetworkError("no connection") from error
        except urllib3.exceptions.HTTPError as error:
            raise TimedOut(type(error).__name__) from error
        self._look(response.status, response.data)
        return response.status, response.data

    async def fetch(self, url: str, most: int) -> bytes | None:
        """A file; None where it has more than `most` bytes. It may be asked for again, so every trouble is one of the
        connection, and a file that is not there a refusal.
        """
        self._last.arrived = False
        try:
            response = self._pool.request("GET", url, preload_content=False)
            try:
                data = response.read(most + 1) if response.status == 200 else b""
            finally:
                response.close()
        except urllib3.exceptions.HTTPError as error:
            raise NetworkError(type(error).__name__) from error
        if response.status in (400, 403, 404, 410):
            raise BadRequest(f"HTTP {response.status}")
        if response.status != 200:
            raise NetworkError(f"HTTP {response.status}")
        return data if len(data) <= most else None

    def _look(self, status: int, body: bytes) -> None:
        answer = _object(body)
        if status == 429:
            raise Flooded(_patience(answer))
        if status >= 500:
            raise NetworkError(f"HTTP {status}")
        if status < 300 and not answer.get("ok"):
            raise NetworkError("not a Bot API answer")
        self._last.arrived, self._last.result = True, answer.get("result")


def finish(call: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never waits: our transport answers at once, so its first step is its last."""
    try:
        call.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    call.close()
    raise RuntimeError("a Bot API call waited for an event loop")


def _object(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _patience(answer: dict[str, Any]) -> int:
    parameters = answer.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return min(max(seconds, 1), LONGEST_WAIT) if isinstance(seconds, int) else 1
