"""HTTP to a provider of bills: a request, a JSON object, and every failure as ProviderTrouble.

Nothing is repeated and no redirect is followed. What a failure says is a status, a word of the provider's for it, or
one of ours: neither addresses, nor secrets, nor what people wrote.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import urllib3

from starbid.billing.wire import parsed
from starbid.connections import AnswerTooLong, KeptConnections, read_whole
from starbid.services.ports import ProviderTrouble

CONNECT_SECONDS = 3.0
READ_SECONDS = 8.0
POOL_SIZE = 4
MOST_ANSWER = 4 * 1024 * 1024
_UNKNOWN_OUTCOME = 408
"""The provider gave up in the middle of a request: it may have seen enough of it."""
_ERROR_NAME = re.compile(r"[A-Za-z][A-Za-z_.]{0,60}")


class Refused(ProviderTrouble):
    """The provider refuses (4xx): nothing was carried out. `status` is HTTP's, or the one that the answer names."""

    def __init__(self, status: int, name: object = None) -> None:
        word = f" {name}" if isinstance(name, str) and _ERROR_NAME.fullmatch(name) else ""
        super().__init__(f"HTTP {status}{word}", is_open=False)
        self.status = status


class ProviderHttp:
    """Requests to one provider. `headers` gives those that prove who we are. Threads may share one."""

    def __init__(
        self, base_url: str, headers: Callable[[], Mapping[str, str]], connect_seconds: float, read_seconds: float
    ) -> None:
        """`base_url` ends without a slash."""
        self._base, self._headers, self._patience = base_url, headers, read_seconds
        self._pool = KeptConnections(size=POOL_SIZE, connect_seconds=connect_seconds, read_seconds=read_seconds)

    def ask(
        self, method: str, path: str, *, body: Mapping[str, Any] | None = None, query: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The object in an answer of 2xx. Raises Refused for 4xx, ProviderTrouble for all else."""
        address = f"{self._base}{path}{'?' if query else ''}{urlencode(query or {})}"
        headers = {"Accept": "application/json", **self._headers()}
        sent = None if body is None else json.dumps(body).encode()
        if sent is not None:
            headers["Content-Type"] = "application/json"
        status, raw = self._answer(method, address, sent, headers)
        if 400 <= status < 500 and status != _UNKNOWN_OUTCOME:
            raise _refusal(status, raw)
        if not 200 <= status < 300:
            raise ProviderTrouble(f"HTTP {status}", is_open=True)
        try:
            return parsed(raw)
        except ValueError as error:
            raise ProviderTrouble("an answer that is no JSON object", is_open=True) from error

    def _answer(self, method: str, address: str, sent: bytes | None, headers: Mapping[str, str]) -> tuple[int, bytes]:
        until = time.monotonic() + self._patience
        try:
            response = self._pool.urlopen(
                method, address, body=sent, headers=headers, redirect=False, preload_content=False
            )
            return response.status, read_whole(response, MOST_ANSWER, until)
        except (urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.NewConnectionError) as error:
            raise ProviderTrouble("no connection", is_open=False) from error
        except AnswerTooLong as error:
            raise ProviderTrouble("an answer that is too long", is_open=True) from error
        except (urllib3.exceptions.TimeoutError, TimeoutError) as error:
            raise ProviderTrouble("no answer in time", is_open=True) from error
        except urllib3.exceptions.HTTPError as error:
            raise ProviderTrouble(f"half an answer, or none ({type(error).__name__})", is_open=True) from error


def _refusal(status: int, raw: bytes) -> ProviderTrouble:
    if status == 429:
        return ProviderTrouble("HTTP 429", is_open=False)
    try:
        said = parsed(raw)
    except ValueError:
        return Refused(status)
    error = said.get("error")
    return Refused(status, error.get("name") if isinstance(error, dict) else said.get("errorCode"))
