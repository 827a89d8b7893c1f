"""What the local run serves: the functions behind the HTTP API, the Telegram stand-in, and its own pages."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wrappers import Request, Response

from local.loopback import refusal
from local.page import control_page

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CHAT = "/_local/telegram"
PAY = "/_local/pay"
MODEL = "/_local/openai"
MAIL = "/_local/mail"
PUSH = "/_local/push"
OPENID = "/_local/oidc"
_PAGES = re.compile(
    r"/_local(?:/|/telegram(?:/|/invoice/[^/]+)?|/pay(?:/|/bills/[0-9]+)?|/openai/?|/push/?|/oidc/(?:auth)?|/mail(?:/|/[0-9]+)?)?"
)
"""Pages that another site may link to: they change nothing."""
_PAGE_HEADERS = {"Content-Security-Policy": "frame-ancestors 'none'", "X-Content-Type-Options": "nosniff"}
LONGEST_ADVANCE = 10 * 366 * 86400
"""Seconds."""


class Controls(Protocol):
    """The part of the run that the pages use."""

    def now(self) -> datetime: ...

    def advance(self, seconds: float) -> int: ...


class Site:
    """The WSGI application of the local run. Until `ready`, `/healthz` answers 503."""

    def __init__(self, api: WSGIApplication, controls: Controls, mounts: Mapping[str, WSGIApplication]) -> None:
        """`mounts` are stand-ins, at CHAT, PAY, MODEL, MAIL, PUSH and OPENID."""
        self.ready = False
        self._controls, self._mounts = controls, mounts
        self._api = api
        self._dispatch = DispatcherMiddleware(self._own_or_api, dict(mounts))
        self._pages: dict[tuple[str, str], Callable[[Request], Response]] = {
            ("GET", "/_local/"): self._page,
            ("GET", "/_local/clock"): lambda _request: _json({"now": self._now()}),
            ("POST", "/_local/advance"): self._advance,
        }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        if _is_ours(request.path) and (words := _refusal(request)) is not None:
            return _json({"message": words}, 403)(environ, start_response)
        if request.path in self._mounts:  # the page's own links need the slash
            query = request.query_string.decode("latin-1")
            headers = {"Location": f"{request.path}/{'?' if query else ''}{query}"}
            return Response(status=302, headers=headers)(environ, start_response)
        return self._dispatch(environ, start_response)

    def _own_or_api(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        if request.path == "/healthz" and not self.ready:
            return _json({"status": "starting"}, 503)(environ, start_response)
        if _is_ours(request.path):
            return self._own(request)(environ, start_response)
        return self._api(environ, start_response)

    def _own(self, request: Request) -> Response:
        path = "/_local/" if request.path == "/_local" else request.path
        page = self._pages.get(("GET" if request.method == "HEAD" else request.method, path))
        if page is not None:
            return page(request)
        if any(known == path for _, known in self._pages):
            return _json({"message": "Method Not Allowed"}, 405)
        return _json({"message": "Not Found"}, 404)

    def _now(self) -> str:
        return self._controls.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _page(self, _request: Request) -> Response:
        places = {
            "has_chat": CHAT,
            "has_bills": PAY,
            "has_model": MODEL,
            "has_mails": MAIL,
            "has_push": PUSH,
            "has_openid": OPENID,
        }
        links = {name: place in self._mounts for name, place in places.items()}
        page = control_page(self._controls.now(), **links)
        return Response(page, mimetype="text/html", headers=_PAGE_HEADERS)

    def _advance(self, request: Request) -> Response:
        seconds = parse_seconds(request.form.get("seconds"))
        if isinstance(seconds, str):
            return _json({"message": seconds}, 400)
        fired = self._controls.advance(seconds)
        if "text/html" in request.headers.get("Accept", ""):
            return Response(status=303, headers={"Location": "/_local/"})
        return _json({"now": self._now(), "fired": fired})


def _is_ours(path: str) -> bool:
    return path == "/_local" or path.startswith("/_local/")


def _refusal(request: Request) -> str | None:
    headers = {name.lower(): value for name, value in request.headers}
    is_page = request.method in ("GET", "HEAD") and _PAGES.fullmatch(request.path) is not None
    return refusal(headers, int(request.environ["SERVER_PORT"]), is_page=is_page)


def parse_seconds(text: str | None) -> float | str:
    """Seconds to advance, or an error message."""
    if text is None or not text.strip():
        return "The form field `seconds` is missing."
    try:
        seconds = float(text)
    except ValueError:
        return "`seconds` must be a number."
    if not math.isfinite(seconds) or seconds < 0:
        return "`seconds` must be zero or more: time does not go back."
    if seconds > LONGEST_ADVANCE:
        return f"`seconds` must be at most {LONGEST_ADVANCE} (ten years)."
    return seconds


def _json(answer: Any, status: int = 200) -> Response:
    return Response(json.dumps(answer), status=status, content_type="application/json")
