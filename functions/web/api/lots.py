"""Reading lots and their bids."""

from __future__ import annotations

from starbid.domain.criteria import SORTS
from starbid.domain.lots import CATEGORIES
from starbid.domain.money import CURRENCIES
from web.api import shapes
from web.api.about import ANYBODY, About, paging
from web.api.schemas import one_of, text, whole
from web.kernel.caching import with_etag
from web.kernel.http import JSON, Request, Response, redirect, to_json
from web.kernel.routing import Router
from web.shared.search_query import MOST_LIMIT, TYPES, read_limit, read_search

router = Router()
BIDS_LIMIT = 50
LOG_IS_KEPT = "public, max-age=86400"
_FILTERS = {
    "q": text(),
    "category": one_of(CATEGORIES),
    "type": one_of(TYPES),
    "currency": one_of(CURRENCIES),
    "min_price": whole(0),
    "max_price": whole(0),
    "sort": {**one_of(SORTS), "default": "ending"},
}


@router.get(
    "/auctions",
    about=About("Lots on sale", answer="Listings", query={**_FILTERS, **paging(MOST_LIMIT)}, security=ANYBODY),
)
def list_auctions(request: Request) -> Response:
    page = request.app.browsing.live(read_search(request.query), request.now)
    items = [shapes.listed(listing, request.now) for listing in page.items]
    return to_json({"items": items, "cursor": page.cursor})


@router.get("/auctions/<auction_id>", about=About("One lot", answer="Lot", security=ANYBODY))
def show_auction(request: Request, auction_id: str) -> Response:
    viewer = request.visitor.user_id
    view = request.app.browsing.lot(auction_id, viewer, request.now, fresh=viewer is not None)
    return with_etag(request, to_json(shapes.lot(view)))


@router.get(
    "/auctions/<auction_id>/bids",
    about=About("Its bids, newest first", answer="Bids", query=paging(BIDS_LIMIT), security=ANYBODY),
)
def list_bids(request: Request, auction_id: str) -> Response:
    limit = read_limit(request.query, BIDS_LIMIT, BIDS_LIMIT)
    auction = request.app.browsing.lot(auction_id, request.visitor.user_id, request.now).lot.auction
    page = request.app.browsing.bids(auction, limit, request.query.get("cursor") or None)
    items = [shapes.public_bid(bid) for bid in page.items]
    return with_etag(request, to_json({"items": items, "cursor": page.cursor}))


@router.get(
    "/auctions/<auction_id>/log",
    about=About(
        "Its hash-chained bid log, after the end (before: 409; while it is written: 503 with Retry-After; "
        "a large one: 303 to the file)",
        answer="BidLog",
        security=ANYBODY,
    ),
)
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
