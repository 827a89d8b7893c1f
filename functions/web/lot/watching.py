"""Watching lots on the site: the button of a lot's page, and the list."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starbid.domain.errors import AuctionClosed, WatchlistFull
from starbid.i18n import Language
from starbid.services.views import LotView
from starbid.services.watching import will_tell
from web.kernel.http import Request, Response, html, redirect
from web.kernel.routing import Router
from web.shared.context import page_context, page_words
from web.shared.refusals import message_of, status_of
from web.shared.rendering import render

router = Router()


@dataclass(frozen=True)
class WatchButton:
    """The button of a lot's page. `on`: the person watches it; `login`: where a visitor goes first."""

    lot_id: str
    on: bool
    hint: str = ""
    login: str = ""
    fault: str = ""


def watch_button(request: Request, view: LotView, words: Language, *, on: bool, fault: str = "") -> WatchButton | None:
    """None for the seller, and for a lot that is over and not on the list. `on`: the person watches it."""
    lot_id, user_id = view.lot.auction.id, request.visitor.user_id
    if user_id is None:
        login = "/login?" + urlencode({"next": f"/auction/{lot_id}"})
        return WatchButton(lot_id, on=False, login=login) if view.status.is_open else None
    if view.is_seller:
        return None
    if not on and not view.status.is_open and not fault:
        return None
    return WatchButton(lot_id, on, _hint(request, view, words) if on and view.status.is_open else "", fault=fault)


def _hint(request: Request, view: LotView, words: Language) -> str:
    """What a person who watches will hear of the lot."""
    _ = words._
    match will_tell(view.auction, request.now):
        case True, True:
            return _("We will write at the start and 15 minutes before the end.")
        case True, False:
            return _("We will write at the start.")
        case False, True:
            return _("We will write 15 minutes before the end.")
        case _:
            return ""


@router.post("/auction/<auction_id>/watch")
def watch(request: Request, auction_id: str) -> Response:
    """`watch`: 1 to watch, 0 to stop; without it the other of what is. `next`: the page to go back to."""
    user_id, watching = request.visitor.require_user(), request.app.watching
    wanted = request.form.get("watch", "")
    if wanted not in ("0", "1"):
        wanted = "0" if watching.is_watching(user_id, auction_id, request.now) else "1"
    try:
        if wanted == "1":
            watching.watch(user_id, auction_id, request.now)
        else:
            watching.unwatch(user_id, auction_id)
    except (AuctionClosed, WatchlistFull) as refusal:
        if not request.headers.get("hx-request"):
            raise
        return _button(request, auction_id, message_of(refusal, page_words(request)), status_of(refusal))
    if request.headers.get("hx-request"):
        return _button(request, auction_id)
    return redirect(request.page(request.form.get("next"), f"/auction/{auction_id}"))


def _button(request: Request, auction_id: str, fault: str = "", status: int = 200) -> Response:
    """The button alone, for htmx."""
    words = page_words(request)
    view = request.app.browsing.lot(auction_id, request.visitor.user_id, request.now)
    user_id = request.visitor.user_id
    on = user_id is not None and request.app.watching.is_watching(user_id, auction_id, request.now)
    button = watch_button(request, view, words, on=on, fault=fault)
    return html(render("lot/watch.html", words, page=page_context(request, words), watch=button), status)
