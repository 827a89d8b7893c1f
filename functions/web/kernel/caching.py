"""What browsers and caches may keep of an answer, and for whom."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from web.kernel.http import Request, Response

PAGE_VARIES, API_VARIES = "Accept-Language, Cookie", "Accept-Language, Cookie, Authorization"
"""What an answer depends on that is not the same for everybody."""


def varying(request: Request, response: Response) -> Response:
    """The answer with `Vary`, unless it says that it is the same for everybody."""
    if response.headers.get("cache-control", "").startswith("public"):
        return response
    own, more = API_VARIES if request.is_api else PAGE_VARIES, response.headers.get("vary")
    vary = f"{own}, {more}" if more else own
    return replace(response, headers={**response.headers, "vary": vary})


def with_etag(request: Request, response: Response) -> Response:
    """The answer with an ETag of its body, or 304 where the browser has the same already."""
    data = response.body.encode() if isinstance(response.body, str) else response.body
    tag = f'"{hashlib.sha256(data).hexdigest()[:24]}"'
    response = response.with_headers(etag=tag)
    if response.status == 200 and is_known(request, tag):
        return replace(response, body="", status=304)
    return response


def is_known(request: Request, tag: str) -> bool:
    """Whether `If-None-Match`, a list or `*`, has this ETag, compared weakly (RFC 9110, section 13.1.2)."""
    told = request.headers.get("if-none-match", "")
    return tag in {part.strip().removeprefix("W/") for part in told.split(",")} or told.strip() == "*"
