"""One's own lots and bids, the profile, and the public profile."""

from __future__ import annotations

from web.account.mine_view import grouped, my_bid, my_lot
from web.kernel.http import Request, Response, path_with
from web.kernel.routing import Router
from web.shared.context import page_words, show

router = Router()


@router.get("/my/auctions")
def my_auctions(request: Request) -> Response:
    person, words = request.visitor.require_person(), page_words(request)
    cursor = request.query.get("cursor") or None
    page = request.app.browsing.lots_of(person.id, person.id, request.now, cursor)
    _ = words._
    titles = {"act": _("Your action needed"), "live": _("Live"), "scheduled": _("Scheduled"), "ended": _("Ended")}
    times = request.app.settings.business.deal_times
    groups = grouped((my_lot(view, words, request.now, times) for view in page.items), titles)
    more_url = path_with("/my/auctions", cursor=page.cursor) if page.cursor else None
    return show(request, "account/auctions.html", groups=groups, more_url=more_url)


@router.get("/my/bids")
def my_bids(request: Request) -> Response:
    person, words = request.visitor.require_person(), page_words(request)
    page = request.app.browsing.bids_of(person.id, request.now, request.query.get("cursor") or None)
    _ = words._
    titles = {
        "act": _("Your action needed"), "live": _("You lead"), "waits": _("Waiting for the end"), "won": _("Won"),
        "ended": _("Ended"),
    }  # fmt: skip
    times = request.app.settings.business.deal_times
    groups = grouped((my_bid(mine, words, request.now, times) for mine in page.items), titles)
    more_url = path_with("/my/bids", cursor=page.cursor) if page.cursor else None
    return show(request, "account/bids.html", groups=groups, more_url=more_url)
