"""Keeps web pages of other sites off what is for this machine only.

Any page that a browser shows may send requests to 127.0.0.1. Browsers tell on it: a request from another page has its
`Origin`, `Sec-Fetch-Site` or `Referer`, and one from a name that was bent to this address (DNS rebinding) has that name
as its `Host`. Programs such as curl and boto3 send none of the first three, and the right `Host`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

NAMES = ("127.0.0.1", "localhost", "[::1]")
_HOST = re.compile(r"(?P<name>127\.0\.0\.1|localhost|\[::1\])(?::(?P<port>[0-9]{1,5}))?", re.IGNORECASE)


def own_origins(port: int) -> frozenset[str]:
    """What pages of a server of ours are called."""
    return frozenset(f"http://{name}" if port == 80 else f"http://{name}:{port}" for name in NAMES)


def is_own_host(host: str, port: int) -> bool:
    """Whether a `Host` is this machine by a name that nobody else can have, and the port ours."""
    match = _HOST.fullmatch(host)
    return match is not None and int(match["port"] or 80) == port


def refusal(headers: Mapping[str, str], port: int, *, is_page: bool) -> str | None:
    """Why a request to an address of ours is refused, in words; None where it is not. Header names in small letters.

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
    """Whether a page sent it, whichever: what only programs call has no use for that."""
    return "origin" in headers or "sec-fetch-site" in headers or "referer" in headers


def _comes_from_elsewhere(headers: Mapping[str, str], origins: Collection[str]) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    referer = headers.get("referer", "")
    return bool(referer) and not any(referer == origin or referer.startswith(f"{origin}/") for origin in origins)


def _is_opened(headers: Mapping[str, str]) -> bool:
    """Without the browser's word for it (an old one) a link is taken for one."""
    return headers.get("sec-fetch-dest", "document") == "document"
