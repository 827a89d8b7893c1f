"""Searches that are suggested while somebody types (static/suggest.js)."""

from __future__ import annotations

from web.browse.home_view import MOST_TYPED
from web.kernel.http import Request, Response, to_json
from web.kernel.routing import Router

router = Router()
KEPT = "public, max-age=30"
"""The same for everybody."""


@router.get("/suggest", page="/")
def suggest(request: Request) -> Response:
    """`{"items": ["настольная лампа", …]}` of what begins with `q`: none where that is longer than a search."""
    text = request.query.get("q", "")
    items = request.app.suggesting.suggest(text, request.now) if len(text) <= MOST_TYPED else ()
    return to_json({"items": items}).with_headers(cache_control=KEPT)
