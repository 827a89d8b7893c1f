"""Reading lots and their bids."""

from __future__ import annotations

from web.api import shapes
from web.kernel.http import JSON, Request, Response, redirect, to_json, with_etag
from web.kernel.routing import Router
from web.shared.search_query import read_limit, read_search

router = Router()
BIDS_LIMIT = 50
LOG_IS_KEPT = "public, max-age=86400"


@router.get("/auctions")
def list_auctions(request: Request) -> Response:
    page = request.app.browsing.live(read_search(request.query, strict=True), request.now)
    items = [shapes.listed(listing, request.now) for listing in page.items]
    return to_json({"items": items, "cursor": page.cursor})


@router.get("/auctions/<auction_id>")
def show_auction(request: Request, auction_id: str) -> Response:
    viewer = request.visitor.user_id
    view = request.app.browsing.lot(auction_id, viewer, request.now, fresh=viewer is not None)
    return with_etag(request, to_json(shapes.lot(view)))


@router.get("/auctions/<auction_id>/bids")
def list_bids(request: Request, auction_id: str) -> Response:
    limit = read_limit(request.query, BIDS_LIMIT, BIDS_LIMIT)
    auction = request.app.browsing.lot(auction_id, request.visitor.user_id, request.now).lot.auction
    page = request.app.browsing.bids(auction, limit, request.query.get("cursor") or None)
    items = [shapes.public_bid(bid) for bid in page.items]
    return with_etag(request, to_json({"items": items, "cursor": page.cursor}))


@router.get("/auctions/<auction_id>/log")
def bid_log(request: Request, auction_id: str) -> Response:
    """The hash-chained log, once the lot has ended: the same for everybody, as a file to be kept.

    A large one is had by a link to the file. Neither answer changes any more.
    """
    log = request.app.bid_logs.find(auction_id, request.now)
    if log.link:
        return redirect(log.link)
    name = f'attachment; filename="starbid-{auction_id}.json"'
    kept = {"cache-control": LOG_IS_KEPT, "content-disposition": name}
    return with_etag(request, Response(log.content.decode(), 200, JSON, kept))
