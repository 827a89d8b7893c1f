"""The lots that the person watches."""

from __future__ import annotations

from starbid.i18n import Language
from starbid.services.ports import Page
from starbid.services.sifting import sifted
from starbid.services.views import LotView
from starbid.services.watching import MOST, PAGE
from web.account.calendar import address_of
from web.account.mine_filter import chips, chosen, filters_of_watched, titles_of_watched
from web.account.mine_view import grouped, watched_lot
from web.kernel.http import Request, Response, path_with
from web.kernel.routing import Router
from web.shared.choices import Option
from web.shared.context import page_words, show

router = Router()
PATH, ADDED = "/watchlist", "added"


@router.get(PATH)
def watchlist(request: Request) -> Response:
    """What ends next comes first, or what was added last (`sort`); `show` names a filter. What is over stands apart."""
    person, words = request.visitor.require_person(), page_words(request)
    here = chosen(filters := filters_of_watched(words), request.query.get("show", ""))
    show_, sort = here.name or None, ADDED if request.query.get("sort") == ADDED else None
    start = request.query.get("cursor", "")
    start, watching = start if _is_place(start) else "", request.app.watching
    ordered = watching.ordered(person.id, request.now, newest=sort is not None)

    def read(cursor: str) -> Page[LotView]:
        return watching.page_of(ordered, person.id, request.now, int(cursor or 0))

    page = sifted(read(start), read, lambda view: watched_lot(view, words, muted=False)[0] in here.keys, PAGE // 2)
    open_ones = [view.lot.auction.id for view in page.items if view.status.is_open]
    muted = request.app.muting.muted(person.id, open_ones, request.now)
    lines = (watched_lot(view, words, muted=view.lot.auction.id in muted) for view in page.items)
    return show(
        request,
        "account/watchlist.html",
        chips=chips(PATH, filters, here, sort=sort),
        sorts=_sorts(show_, sort, words),
        is_filtered=bool(show_),
        groups=grouped(lines, titles_of_watched(words)),
        more_url=path_with(PATH, show=show_, sort=sort, cursor=page.cursor) if page.cursor else None,
        next=path_with(PATH, show=show_, sort=sort, cursor=start or None),
        calendar=address_of(request, person),
    )


def _sorts(show_: str | None, sort: str | None, words: Language) -> tuple[Option, ...]:
    _ = words._
    named = ((None, _("Ending soon")), (ADDED, _("Recently added")))
    return tuple(Option(path_with(PATH, show=show_, sort=name), label, name == sort) for name, label in named)


def _is_place(start: str) -> bool:
    return start.isascii() and start.isdigit() and len(start) <= len(str(MOST))
