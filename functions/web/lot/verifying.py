"""The page that checks a lot's bid log in the browser, trusting nothing but what it computes itself (verify.js)."""

from __future__ import annotations

from web.kernel.http import Request, Response
from web.kernel.routing import Router
from web.lot.receipt_view import verify_path
from web.lot.verify_words import sentences
from web.shared.context import page_words, show

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
        kept=request.app.settings.base_url + verify_path(view) if verify_path(view) else "",
        sentences=sentences(page_words(request)),
    )
