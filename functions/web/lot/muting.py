"""Muting a lot on the site: the button of its page, for those who are told of it."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.services.views import LotView
from web.kernel.http import Request, Response, html, redirect
from web.kernel.routing import Router
from web.shared.context import page_context, page_words
from web.shared.rendering import render

router = Router()


@dataclass(frozen=True)
class MuteButton:
    """`on`: the person muted the lot."""

    lot_id: str
    on: bool


def mute_button(view: LotView, *, bidding: bool, watching: bool, muted: bool) -> MuteButton | None:
    """None where no notices come: to somebody who has nothing to do with the lot, and of one that is over.

    `bidding`: a bid of theirs shows.
    """
    if not view.status.is_open or view.viewer_id is None:
        return None
    if not (muted or watching or view.is_seller or bidding or view.your_maximum):
        return None
    return MuteButton(view.lot.auction.id, muted)


@router.post("/auction/<auction_id>/mute")
def mute(request: Request, auction_id: str) -> Response:
    """`mute`: 1 to mute, 0 to hear all again; without it the other of what is. `next`: the page to go back to."""
    user_id, muting = request.visitor.require_user(), request.app.muting
    wanted = request.form.get("mute", "")
    if wanted not in ("0", "1"):
        wanted = "0" if muting.is_muted(user_id, auction_id, request.now) else "1"
    if wanted == "1":
        muting.mute(user_id, auction_id, request.now)
    else:
        muting.unmute(user_id, auction_id)
    if not request.headers.get("hx-request"):
        return redirect(request.page(request.form.get("next"), f"/auction/{auction_id}"))
    words = page_words(request)
    button = MuteButton(auction_id, on=wanted == "1")
    return html(render("lot/mute.html", words, page=page_context(request, words), mute=button))
