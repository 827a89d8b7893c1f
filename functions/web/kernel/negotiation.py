"""What kind of answer is asked for (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Mapping

from starbid.domain.weighted import read_weighted

HTML_TYPE, JSON_TYPE = "text/html", "application/json"


def prefers_json(accept: str | None) -> bool:
    """JSON rather than a page: by weight, and where both weigh the same, because it alone is named."""
    liked = dict(reversed(read_weighted(accept)))
    json, page = _of(JSON_TYPE, liked), _of(HTML_TYPE, liked)
    return json > page or (json > 0 and json == page and JSON_TYPE in liked and HTML_TYPE not in liked)


def names_html(accept: str | None) -> bool:
    """A page, and asked for by name: not by a program that takes anything."""
    return dict(read_weighted(accept)).get(HTML_TYPE, 0) > 0 and not prefers_json(accept)


def _of(kind: str, liked: Mapping[str, float]) -> float:
    """By the closest of what is named."""
    ranges = (kind, f"{kind.partition('/')[0]}/*", "*/*")
    return next((liked[one] for one in ranges if one in liked), 0)
