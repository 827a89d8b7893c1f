"""One's own lots and bids: what needs the person first, with filters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from starbid.services.auctions.browsing import MOST_OPEN
from starbid.services.ports import Page
from starbid.services.sifting import sifted
from web.account.mine_filter import (
    Filter,
    chips,
    chosen,
    filters_of_bids,
    filters_of_lots,
    titles_of_bids,
    titles_of_lots,
)
from web.account.mine_view import MyLine, grouped, my_bid, my_lot
from web.kernel.http import Request, Response, path_with
from web.kernel.routing import Router
from web.shared.context import page_words, show
from web.shared.first_steps import walked

router = Router()
ENOUGH = 12
"""Lots of a page, where the list has so many that are asked for."""
Keyed = tuple[str, MyLine]
Reading = Callable[[str | None], Page[Keyed]]


@router.get("/my/auctions")
def my_auctions(request: Request) -> Response:
    """`show` names a filter. What the person has to send comes first, however long ago it was sold."""
    person, words = request.visitor.require_person(), page_words(request)
    times, now = request.app.settings.business.deal_times, request.now
    here = chosen(filters := filters_of_lots(words), request.query.get("show", ""))

    def read(cursor: str | None) -> Page[Keyed]:
        page = request.app.browsing.lots_of(person.id, person.id, now, cursor)
        return Page(tuple(my_lot(view, words, now, times) for view in page.items), page.cursor)

    sold = request.app.browsing.in_escrow(person.id, now, is_buyer=False) if "act" in here.keys else ()
    deals = [my_lot(view, words, now, times) for view in sold]
    are_all = here.keys == {"act"} and len(sold) < MOST_OPEN
    page = Page(_lines(here, deals)) if are_all else _page(request, here, deals, read)
    return _shown(request, "account/auctions.html", filters, here, page, titles_of_lots(words))


@router.get("/my/bids")
def my_bids(request: Request) -> Response:
    """`show` names a filter. What the person has to do for a purchase comes first, however long ago it was bought."""
    person, words = request.visitor.require_person(), page_words(request)
    times, now = request.app.settings.business.deal_times, request.now
    here = chosen(filters := filters_of_bids(words), request.query.get("show", ""))

    def read(cursor: str | None) -> Page[Keyed]:
        page = request.app.browsing.bids_of(person.id, now, cursor)
        return Page(tuple(my_bid(mine.view, person.id, words, now, times) for mine in page.items), page.cursor)

    bought = request.app.browsing.in_escrow(person.id, now, is_buyer=True) if "act" in here.keys else ()
    deals = [my_bid(view, person.id, words, now, times) for view in bought]
    page = _page(request, here, deals, read)
    answer = _shown(request, "account/bids.html", filters, here, page, titles_of_bids(words))
    return walked(request, answer) if page.items else answer


def _lines(here: Filter, lines: Iterable[Keyed]) -> tuple[Keyed, ...]:
    return tuple(keyed for keyed in lines if keyed[0] in here.keys)


def _page(request: Request, here: Filter, deals: Iterable[Keyed], read: Reading) -> Page[Keyed]:
    """The lines of a filter: those of `deals` stand before all others, and on no later page again."""
    cursor, first = request.query.get("cursor") or None, _lines(here, deals)
    known = {line.card.id for _, line in first}
    page = sifted(read(cursor), read, lambda keyed: keyed[0] in here.keys and keyed[1].card.id not in known, ENOUGH)
    return Page(page.items if cursor else (*first, *page.items), page.cursor)


def _shown(
    request: Request,
    template: str,
    filters: tuple[Filter, ...],
    here: Filter,
    page: Page[Keyed],
    titles: Mapping[str, str],
) -> Response:
    return show(
        request,
        template,
        chips=chips(request.path, filters, here),
        is_filtered=bool(here.name),
        groups=grouped(page.items, titles),
        more_url=path_with(request.path, show=here.name or None, cursor=page.cursor) if page.cursor else None,
    )
