"""HTTP to the outside help desk: one POST at a time, no redirects, and nothing of the answer but its status."""

from __future__ import annotations

import time

import urllib3

from starbid.connections import KeptConnections
from starbid.services.desk.help_desk import NotTaken

CONNECT_SECONDS, READ_SECONDS = 3.0, 10.0
SIGNATURE_HEADER = "X-Starbid-Signature"
_CHUNK, _MOST = 65_536, 1_048_576


class HttpHelpDesk:
    """Implements `HelpDeskLine`."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool = KeptConnections(size=1, connect_seconds=CONNECT_SECONDS, read_seconds=READ_SECONDS)

    def post(self, body: bytes, signature: str) -> None:
        headers = {"Content-Type": "application/json", "User-Agent": "Starbid", SIGNATURE_HEADER: signature}
        try:
            answer = self._pool.urlopen(
                "POST", self._url, body=body, headers=headers, redirect=False, preload_content=False
            )
            try:
                _pass_over(answer)
            finally:
                answer.close()
        except urllib3.exceptions.HTTPError as error:
            raise NotTaken(type(error).__name__) from error
        if not 200 <= answer.status < 300:
            raise NotTaken(f"HTTP {answer.status}")


def _pass_over(answer: urllib3.BaseHTTPResponse) -> None:
    """Read to the end, so that a help desk that fails while it answers is not taken for one that has it; but neither an
    endless answer, nor one that drips.
    """
    until, size = time.monotonic() + READ_SECONDS, 0
    while part := answer.read1(_CHUNK):
        size += len(part)
        if size > _MOST or time.monotonic() > until:
            return
