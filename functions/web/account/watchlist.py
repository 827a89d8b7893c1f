"""The lots that the person watches."""

from __future__ import annotations

from starbid.services.watching import MOST
from web.account.calendar import address_of
from web.account.mine_view import grouped, watched_lot
from web.kernel.http import Request, Response, path_with
from web.kernel.routing import Router
from web.shared.context import page_words, show

router = Router()


@router.get("/watchlist")
def watchlist(request: Request) -> Response:
    """The lots that the person watches: what ends next comes first."""
    person, words = request.visitor.require_person(), page_words(request)
    start = request.query.get("cursor", "")
    page = request.app.watching.watched(person.id, request.now, int(start) if _is_place(start) else 0)
    _ = words._
    titles = {"live": _("Live"), "scheduled": _("Scheduled"), "ended": _("Ended")}
    groups = grouped((watched_lot(view, words) for view in page.items), titles)
    more_url = path_with("/watchlist", cursor=page.cursor) if page.cursor else None
    return show(request, "account/watchlist.html", groups=groups, more_url=more_url, next=_here(start),
                calendar=address_of(request, person))  # fmt: skip


def _is_place(start: str) -> bool:
    return start.isascii() and start.isdigit() and len(start) <= len(str(MOST))


def _here(start: str) -> str:
    return path_with("/watchlist", cursor=start if _is_place(start) else None)
