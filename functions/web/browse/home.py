"""The front page: live lots."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from urllib.parse import urlencode

from starbid.domain.auction import Status
from starbid.domain.errors import Invalid
from starbid.i18n import Language
from starbid.services.ports import Listing, Page
from web.browse.counts_view import counted, may_be_counted
from web.browse.featured import soonest
from web.browse.home_view import Chip, SearchForm, clean, search_form, search_of, url_with
from web.browse.shelves_view import SHELF, FrontShelves, front_shelves, is_worth_it
from web.kernel.http import Request, Response, path_with
from web.kernel.routing import Router
from web.shared.cards import LotCard, Standing, card_of_listing, standing_of_bid
from web.shared.context import page_words, show
from web.shared.first_steps import walked

router = Router()
FEW = 3
"""Lots of a search; with fewer somebody may have mistyped it."""
LONGEST_QUERY = 3_000
"""A hundred signs of four bytes each, a cursor, and what was shared along with the link."""


@router.get("/")
def home(request: Request) -> Response:
    """An address that is longer than any search is read as the same search without what is not looked for: the page
    names its own address in several places.
    """
    if len(request.raw_query) > LONGEST_QUERY:
        request = replace(request, raw_query=urlencode(clean(request.query)))
    words = page_words(request)
    found = _found(request)
    standings = _standings(request, {item.auction_id for item in found.items}, words) if found.items else {}
    cards = [card_of_listing(item, standings.get(item.auction_id), words, request.now) for item in found.items]
    more_url = url_with(clean(request.query), cursor=found.cursor) if found.cursor else None
    search = _form(request, words)
    is_front = _is_front(request)
    featured = soonest(cards) if is_front and request.visitor.user_id is None else None
    has_shelves = is_front and is_worth_it(found.items)
    shelves = _shelves(request, found, standings, words, featured) if has_shelves else None
    if shelves:
        cards = [card for card in cards if card is not featured][len(shelves.ending) :]
    meant = _meant(request, found)
    page = show(
        request, "browse/index.html", has_bid=bool(standings), search=search, cards=cards, more_url=more_url,
        shelves=shelves, meant=meant, is_front=is_front, featured=featured,
        feed_url=path_with("/rss", **clean(request.query), language=words.code),
    )  # fmt: skip
    return walked(request, page) if standings else page


def _form(request: Request, words: Language) -> SearchForm:
    """With the numbers of lots, where they are what a chip leads to."""
    form, asked = search_form(request.query, request.app.settings.business.currencies, words), clean(request.query)
    return counted(form, asked, request.app.shelves.sorts(request.now), words) if may_be_counted(asked) else form


def _meant(request: Request, found: Page[Listing]) -> Chip | None:
    """Where so little is found that another text may be meant: the same search for it."""
    asked = clean(request.query)
    if "q" not in asked or len(found.items) >= FEW or request.query.get("cursor"):
        return None
    text = request.app.suggesting.meant(search_of(request.query, request.now), request.now)
    return Chip(text, url_with(asked, q=text)) if text else None


def _is_front(request: Request) -> bool:
    """The first page of the plain list, in its own order."""
    return not clean(request.query) and not request.query.get("cursor")


def _shelves(
    request: Request,
    found: Page[Listing],
    standings: Mapping[str, Standing],
    words: Language,
    featured: LotCard | None,
) -> FrontShelves:
    """Without the lot that the page has shown above them."""
    newest = request.app.shelves.newest(SHELF, request.now)
    listed, new = (
        [each for each in some if featured is None or each.auction_id != featured.id] for some in (found.items, newest)
    )
    return front_shelves(listed, new, standings, words, request.now)


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
