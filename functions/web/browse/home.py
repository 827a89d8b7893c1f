"""The front page: live lots."""

from __future__ import annotations

from collections.abc import Collection

from starbid.domain.auction import Status
from starbid.domain.errors import Invalid
from starbid.i18n import Language
from starbid.services.ports import Listing, Page
from web.browse.featured import soonest
from web.browse.home_view import clean, search_form, search_of, url_with
from web.kernel.http import Request, Response
from web.kernel.routing import Router
from web.shared.cards import Standing, card_of_listing, standing_of_bid
from web.shared.context import page_words, show

router = Router()


@router.get("/")
def home(request: Request) -> Response:
    words = page_words(request)
    found = _found(request)
    standings = _standings(request, {item.auction_id for item in found.items}, words) if found.items else {}
    cards = [card_of_listing(item, standings.get(item.auction_id), words, request.now) for item in found.items]
    more_url = url_with(clean(request.query), cursor=found.cursor) if found.cursor else None
    search = search_form(request.query, request.app.settings.business.currencies, words)
    return show(
        request, "browse/index.html", search=search, cards=cards, more_url=more_url, featured=soonest(cards)
    )  # fmt: skip


def _found(request: Request) -> Page[Listing]:
    """A cursor that is not ours (any more) starts again at the top."""
    try:
        return request.app.browsing.live(search_of(request.query, request.now), request.now)
    except Invalid:
        return request.app.browsing.live(search_of({**request.query, "cursor": ""}, request.now), request.now)


def _standings(request: Request, shown: Collection[str], words: Language) -> dict[str, Standing]:
    """How the person stands on the lots that are shown and that they have bid on lately."""
    user_id = request.visitor.user_id
    if user_id is None:
        return {}
    mine = request.app.browsing.bids_of(user_id, request.now, among=shown).items
    return {bid.view.lot.auction.id: standing_of_bid(bid.view, words) for bid in mine if bid.view.status is Status.LIVE}
