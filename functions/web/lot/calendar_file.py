"""The end of a lot for one's calendar."""

from __future__ import annotations

from web.kernel.caching import with_etag
from web.kernel.http import Request, Response
from web.kernel.routing import Router
from web.shared.context import page_words
from web.shared.lot_calendar import TYPE, end_of, written

router = Router()


@router.get("/auction/<auction_id>/lot.ics", page="/auction/<auction_id>")
def lot_calendar(request: Request, auction_id: str) -> Response:
    """One entry. Raises NotFound where the lot is not there for who asks."""
    view = request.app.browsing.lot(auction_id, request.visitor.user_id, request.now)
    words = page_words(request)
    body = written(view.lot.card.title, [end_of(view, request.app.settings, words)], request.app.settings)
    name = f'attachment; filename="starbid-{auction_id}.ics"'
    answer = Response(body, 200, TYPE, {"cache-control": "private, no-cache", "content-disposition": name})
    return with_etag(request, answer)
