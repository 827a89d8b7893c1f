"""What else there is to look at from a lot: fetched when somebody comes to the end of its page."""

from __future__ import annotations

from web.kernel.http import Request, Response, html
from web.kernel.routing import Router
from web.shared.cards import card_of_listing, card_of_lot
from web.shared.context import page_context, page_words
from web.shared.rendering import render

router = Router()


@router.get("/auction/<auction_id>/related", page="/auction/<auction_id>")
def related(request: Request, auction_id: str) -> Response:
    """Two shelves. Raises NotFound where the lot is not there for who asks."""
    app, words = request.app, page_words(request)
    lot = app.browsing.lot(auction_id, request.visitor.user_id, request.now).lot
    own = app.related.of_seller(lot.card, request.now)
    similar = app.related.similar(lot.card, request.now)
    body = render(
        "lot/related_answer.html",
        words,
        page=page_context(request, words),
        card=lot.card,
        own=[card_of_lot(view, None, words) for view in own],
        similar=[card_of_listing(row, None, words, request.now) for row in similar],
    )
    return html(body)
