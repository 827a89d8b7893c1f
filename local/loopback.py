"""Protects addresses for this machine only from web pages of other sites.

Any page in a browser may send requests to 127.0.0.1. They can be recognised: a request from another page has its
`Origin`, `Sec-Fetch-Site` or `Referer`, and one by DNS rebinding has the other name as its `Host`. Programs such as
curl and boto3 send none of the first three, and the right `Host`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

NAMES = ("127.0.0.1", "localhost", "[::1]")
_HOST = re.compile(r"(?P<name>127\.0\.0\.1|localhost|\[::1\])(?::(?P<port>[0-9]{1,5}))?", re.IGNORECASE)


def own_origins(port: int) -> frozenset[str]:
    """The origins of our server's pages."""
    return frozenset(f"http://{name}" if port == 80 else f"http://{name}:{port}" for name in NAMES)


def is_own_host(host: str, port: int) -> bool:
    """Whether a `Host` is this machine, by a name that nobody else can have, with our port."""
    match = _HOST.fullmatch(host)
    return match is not None and int(match["port"] or 80) == port


def refusal(headers: Mapping[str, str], port: int, *, is_page: bool) -> str | None:
    """Why a request to one of our addresses is refused; None if it is not. Header names in lower case.

    A page (`is_page`) may also be opened by a link on another site, as a whole and not in a frame.
    """
    if not is_own_host(headers.get("host", f"{NAMES[0]}:{port}"), port):
        return "The local run's own addresses answer at 127.0.0.1 or localhost and its port only."
    origins = own_origins(port)
    if "origin" in headers and headers["origin"] not in origins:
        return "A page of another site may not do this: the request's Origin is not that of the local run."
    if _comes_from_elsewhere(headers, origins) and not (is_page and _is_opened(headers)):
        return "A page of another site may not do this."
    return None


def is_from_browser(headers: Mapping[str, str]) -> bool:
    """Whether any page sent it: addresses for programs only accept no pages."""
    return "origin" in headers or "sec-fetch-site" in headers or "referer" in headers


def _comes_from_elsewhere(headers: Mapping[str, str], origins: Collection[str]) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    referer = headers.get("referer", "")
    return bool(referer) and not any(referer == origin or referer.startswith(f"{origin}/") for origin in origins)


def _is_opened(headers: Mapping[str, str]) -> bool:
    """If the browser does not say (an old one), it is treated as a link."""
    return headers.get("sec-fetch-dest", "document") == "document"
