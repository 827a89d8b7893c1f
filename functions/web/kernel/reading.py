"""Reads the request out of an event of the HTTP API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from starbid.arrival import arrived_at
from web.kernel.http import Pages, Request
from web.kernel.visitor import Visitor

if TYPE_CHECKING:
    from starbid.bootstrap import App


def read_request(event: Mapping[str, Any], app: App, recognise: Callable[[Request], Visitor], pages: Pages) -> Request:
    """The request in an event of the HTTP API."""
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    context = event.get("requestContext") or {}
    http = context.get("http") or {}
    return Request(
        app=app,
        now=arrived_at(event, app.now()),
        id=str(context.get("requestId") or ""),
        method=str(http.get("method") or "GET").upper(),
        path=str(event.get("rawPath") or http.get("path") or "/"),
        raw_query=str(event.get("rawQueryString") or ""),
        source_ip=str(http.get("sourceIp") or ""),
        headers=headers,
        cookie_values=_cookies(event.get("cookies") or [headers.get("cookie", "")]),
        event_body=event.get("body") or "",
        is_base64=bool(event.get("isBase64Encoded")),
        recognise=recognise,
        pages=pages,
    )


def _cookies(lines: list[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        for part in line.split(";"):
            name, equals, value = part.strip().partition("=")
            if equals:
                found[name] = (*found.get(name, ()), value.strip('"'))
    return found
