"""API Gateway's HTTP API in front of the functions: payload format 2.0, its routes and its limits."""

from __future__ import annotations

import base64
import binascii
import json
import logging
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Request, Response

from local.clock import to_ms
from local.functions import Functions, PayloadTooLarge
from local.template import Route

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

REQUEST_BYTES = 10 * 1024 * 1024
"""Maximum of an HTTP API's body."""
_DRAIN_BYTES = 64 * 1024 * 1024
_TEXT_TYPES = ("application/json", "application/javascript", "application/xml")
_HOP_BY_HOP = ("connection", "keep-alive", "transfer-encoding", "upgrade", "te", "trailer")

log = logging.getLogger("local.http")


class HttpApi:
    """The WSGI application for every route of the template."""

    def __init__(self, routes: Sequence[Route], functions: Functions, now: Callable[[], datetime]) -> None:
        """`now` dates the requests: the local clock."""
        self._routes, self._functions, self._now = routes, functions, now

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        return self._answer(request)(environ, start_response)

    def _answer(self, request: Request) -> Response:
        route = find_route(self._routes, request.method, request.path)
        if route is None:
            return message_response(404, "Not Found")
        arrived = self._now()
        body = read_body(request)
        if body is None:
            return message_response(413, "Request Entity Too Large")
        try:
            return to_response(self._functions.invoke(route.function, to_event(request, route, body, arrived)))
        except PayloadTooLarge as error:
            if error.what == "request":
                return message_response(413, "Request Too Long")
            log.error("%s %s: %s", request.method, request.path, error)
        except Exception:
            log.exception("%s %s failed in %s", request.method, request.path, route.function)
        return message_response(500, "Internal Server Error")


def find_route(routes: Iterable[Route], method: str, path: str) -> Route | None:
    """The most specific route: a full path before one with variables, those before `$default`."""
    matching = [r for r in routes if r.method in (method, "ANY") and _matches(r.path, path)]
    return max(matching, key=lambda r: (r.path != "$default", "{" not in r.path, r.method != "ANY"), default=None)


def _matches(pattern: str, path: str) -> bool:
    if pattern == "$default":
        return True
    wanted, given = pattern.split("/"), path.split("/")
    if wanted[-1].endswith("+}"):
        given = [*given[: len(wanted) - 1], "/".join(given[len(wanted) - 1 :])]
    return len(wanted) == len(given) and all(
        w == g or (w.startswith("{") and g != "") for w, g in zip(wanted, given, strict=True)
    )


def read_body(request: Request) -> bytes | None:
    """The request's body; None if an HTTP API would refuse it (it is read all the same, so that the answer arrives)."""
    body = request.stream.read(REQUEST_BYTES + 1)
    if len(body) <= REQUEST_BYTES:
        return body
    left = _DRAIN_BYTES
    while left > 0 and (chunk := request.stream.read(1024 * 1024)):
        left -= len(chunk)
    return None


def to_event(request: Request, route: Route, body: bytes, arrived: datetime) -> dict[str, Any]:
    """The event that API Gateway would pass to the function for a request that arrived at a moment (aware, UTC)."""
    route_key = route.path if route.path == "$default" else f"{route.method} {route.path}"
    address = request.remote_addr or "127.0.0.1"
    query = request.query_string.decode("latin-1")
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": request.path,
        "rawQueryString": query,
        "headers": _event_headers(request, address),
        "requestContext": {
            "accountId": "anonymous",
            "apiId": "local",
            "domainName": request.host,
            "domainPrefix": "local",
            "http": {
                "method": request.method,
                "path": request.path,
                "protocol": request.environ.get("SERVER_PROTOCOL", "HTTP/1.1"),
                "sourceIp": address,
                "userAgent": request.headers.get("User-Agent", ""),
            },
            "requestId": str(uuid.uuid4()),
            "routeKey": route_key,
            "stage": "$default",
            "time": f"{arrived:%d/%b/%Y:%H:%M:%S} +0000",
            "timeEpoch": to_ms(arrived),
        },
        "isBase64Encoded": False,
    }
    if query:
        event["queryStringParameters"] = _joined(parse_qsl(query, keep_blank_values=True))
    cookies = [part.strip() for part in request.headers.get("Cookie", "").split(";") if part.strip()]
    if cookies:
        event["cookies"] = cookies
    if body:
        event["body"], event["isBase64Encoded"] = _event_body(request, body)
    return event


def _event_headers(request: Request, address: str) -> dict[str, str]:
    headers = _joined((key.lower(), value) for key, value in request.headers)
    headers.pop("cookie", None)
    port = request.host.rpartition(":")[2]
    forwarded = {"x-forwarded-for": address, "x-forwarded-proto": "http", "x-forwarded-port": port}
    return {**headers, **forwarded}


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    values: dict[str, list[str]] = {}
    for key, value in pairs:
        values.setdefault(key, []).append(value)
    return {key: ",".join(parts) for key, parts in values.items()}


def _event_body(request: Request, body: bytes) -> tuple[str, bool]:
    """Text stays text; forms and everything binary come in base64, as an HTTP API sends them."""
    kind = request.mimetype
    is_text = kind.startswith("text/") or kind in _TEXT_TYPES or kind.endswith(("+json", "+xml"))
    if is_text and "Content-Encoding" not in request.headers:
        try:
            return body.decode("utf-8"), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(body).decode("ascii"), True


def to_response(answer: Any) -> Response:
    """Converts a function's answer. Raises ValueError if API Gateway would not accept it."""
    if not isinstance(answer, dict) or "statusCode" not in answer:
        return Response(json.dumps(answer), content_type="application/json")
    body = answer.get("body") or ""
    if not isinstance(body, str):
        raise ValueError("the body of a function's answer must be text")
    try:
        content = base64.b64decode(body, validate=True) if answer.get("isBase64Encoded") else body.encode("utf-8")
    except binascii.Error as error:
        raise ValueError("the body of a function's answer is no base64") from error
    headers = Headers()
    for key, value in (answer.get("headers") or {}).items():
        if key.lower() not in (*_HOP_BY_HOP, "content-length"):
            headers.add(key, str(value))
    for cookie in answer.get("cookies") or []:
        headers.add("Set-Cookie", cookie)
    if "Content-Type" not in headers:
        headers.add("Content-Type", "text/plain;charset=UTF-8")
    return Response(content, status=int(answer["statusCode"]), headers=headers)


def message_response(status: int, message: str) -> Response:
    """An answer of the gateway itself."""
    return Response(json.dumps({"message": message}), status=status, content_type="application/json")
