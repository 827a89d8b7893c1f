"""The page that checks a lot's bid log in the browser, trusting nothing but what it computes itself (verify.js)."""

from __future__ import annotations

from web.http import Request, Response
from web.pages.context import page_words, show
from web.pages.verify_words import sentences
from web.routing import Router

router = Router()


@router.get("/auction/<auction_id>/verify")
def verify(request: Request, auction_id: str) -> Response:
    view = request.app.browsing.lot(auction_id, request.visitor.user_id, request.now)
    return show(
        request,
        "lot/verify.html",
        auction_id=auction_id,
        title=view.lot.card.title,
        closed=view.lot.auction.is_final,
        sentences=sentences(page_words(request)),
    )
