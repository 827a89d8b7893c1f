"""Keeps web pages off the emulator: any page can send requests to any port of the machine whose browser shows it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Any

from local.loopback import is_from_browser, is_own_host

Application = Callable[[Any, Any, Any], Awaitable[None]]
_WORDS = (
    b"Only programs on this machine may call this, and the site's pages to upload a picture or follow a signed link."
)


class Guard:
    """The emulator as a guarded ASGI application. Pages of `origins` may post pictures to a bucket.

    They may also read a file by a signed link. Such a link may be opened directly too: it changes nothing, and no other
    page sees the answer.
    """

    def __init__(self, application: Application, port: int, origins: Collection[str]) -> None:
        self._application = application
        self._port = port
        self._origins = origins

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan" or (scope["type"] == "http" and self._may_enter(scope)):
            await self._application(scope, receive, send)
        elif scope["type"] == "http":
            headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(_WORDS)).encode())]
            await send({"type": "http.response.start", "status": 403, "headers": headers})
            await send({"type": "http.response.body", "body": _WORDS})
        else:
            await send({"type": "websocket.close", "code": 1008})

    def _may_enter(self, scope: Any) -> bool:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if not is_own_host(headers.get("host", ""), self._port):
            return False
        if not is_from_browser(headers):
            return True
        is_ours = headers.get("origin") in self._origins
        if is_ours and _is_upload(scope["method"], scope["path"]):
            return True
        return (is_ours or "origin" not in headers) and _is_signed_link(scope)


def _is_signed_link(scope: Any) -> bool:
    return scope["method"] == "GET" and b"X-Amz-Signature=" in scope["query_string"]


def _is_upload(method: str, path: str) -> bool:
    """A form posted to a bucket, or its CORS preflight."""
    return method in ("POST", "OPTIONS") and "/" not in path.strip("/") and not path.startswith("/_")
