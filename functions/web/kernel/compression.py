"""Answers in fewer bytes, for those who can read them so (RFC 9110, section 12.5.3)."""

from __future__ import annotations

import zlib
from dataclasses import replace

from starbid.domain.weighted import read_weighted
from web.kernel.http import Request, Response

LEAST = 1024
"""Bytes. What is shorter goes in one packet anyway."""
LEVEL = 5
"""Of zlib: 0.15 ms for a page of 20 kB, a sixth of which is left. Higher levels save nothing more on ours."""
CODING = "Accept-Encoding"
_GZIP_WINDOW = 31
_TEXTS = ("text/", "application/json", "application/manifest+json", "application/rss+xml", "image/svg+xml")


def compressed(request: Request, response: Response) -> Response:
    """The answer in gzip, where it is a text that is worth it and the one who asks takes it.

    Its ETag becomes a weak one: the bytes are others, what they say is the same.
    """
    if "content-encoding" in response.headers or not is_text(response.content_type):
        return response
    headers = {**response.headers, "vary": _by_coding(response)}
    data = response.body.encode() if isinstance(response.body, str) else response.body
    if len(data) < LEAST or not takes(request, "gzip"):
        return replace(response, headers=headers)
    tag = headers.get("etag")
    if tag and not tag.startswith("W/"):
        headers["etag"] = f"W/{tag}"
    return replace(response, body=gzipped(data, LEVEL), headers={**headers, "content-encoding": "gzip"})


def takes(request: Request, coding: str) -> bool:
    """Whether `Accept-Encoding` names the coding, with a weight that is not 0."""
    liked = dict(read_weighted(request.headers.get("accept-encoding")))
    return liked.get(coding, liked.get("*", 0)) > 0


def is_text(content_type: str) -> bool:
    """What gets much shorter; pictures are compressed already."""
    return content_type.startswith(_TEXTS)


def gzipped(data: bytes, level: int) -> bytes:
    """The same bytes each time: no time and no name in them."""
    packer = zlib.compressobj(level, zlib.DEFLATED, _GZIP_WINDOW)
    return packer.compress(data) + packer.flush()


def _by_coding(response: Response) -> str:
    """Its `Vary`: what has not changed says the same of itself as what is sent (RFC 9110, section 15.4.5)."""
    vary = response.headers.get("vary", CODING)
    return vary if CODING in vary else f"{vary}, {CODING}"
