"""Bids, purchases and cancelling, through the forms of a lot's page. Success leads back to it."""

from __future__ import annotations

from starbid.domain.errors import Invalid, StarbidError, UnusualBid
from starbid.domain.lots import FIRST_VERSION
from starbid.domain.typed_numbers import TypedAmount, typed_whole
from starbid.services.ports import Contended
from web.kernel.http import Request, Response
from web.kernel.routing import Router
from web.lot.page import RefusedForm, look, show_lot
from web.lot.price_box.parts import Typed
from web.lot.refusing import back_to, refused_bid
from web.shared.context import with_note

router = Router()


@router.post("/auction/<auction_id>/bid")
def bid(request: Request, auction_id: str) -> Response:
    """`amount`: one's maximum. One of ten times the least bid or more is asked about first (`confirmed`)."""
    user_id, admit = request.visitor.presume()
    amount = TypedAmount("amount", request.form.get("amount", ""))
    typed = amount.text.strip()[:40]
    try:
        request.app.bidding.bid(
            auction_id,
            user_id,
            amount,
            request.now,
            card_version=_card_version(request),
            confirmed=bool(request.form.get("confirmed")),
            admit=admit,
        )
    except UnusualBid as slip:
        return show_lot(request, look(request, auction_id), RefusedForm(Typed(typed, unusual=slip.amount)))
    except (StarbidError, Contended) as error:
        return refused_bid(request, auction_id, error, typed)
    return back_to(auction_id)


@router.post("/auction/<auction_id>/buy")
def buy(request: Request, auction_id: str) -> Response:
    """`seen_price`: the price on the button, as an amount is typed."""
    user_id, admit = request.visitor.presume()
    try:
        seen = TypedAmount("seen_price", request.form.get("seen_price", ""))
        card = _card_version(request)
        request.app.bidding.buy(auction_id, user_id, seen, request.now, card_version=card, admit=admit)
    except (StarbidError, Contended) as error:
        return refused_bid(request, auction_id, error)
    return back_to(auction_id)


@router.post("/auction/<auction_id>/cancel")
def cancel(request: Request, auction_id: str) -> Response:
    """`reason`: an admin's, up to 500 characters; sellers give none."""
    user_id, reason = request.visitor.require_user(), request.form.get("reason")
    try:
        request.app.publishing.cancel(user_id, auction_id, request.now, reason=reason)
    except (StarbidError, Contended) as error:
        return refused_bid(request, auction_id, error)
    return with_note(back_to(auction_id), "cancelled")


def _card_version(request: Request) -> int:
    """The version of the words on the page that sent the form. Raises Invalid."""
    version = typed_whole(request.form.get("card_version") or str(FIRST_VERSION))
    if version is None:
        raise Invalid("card_version", "whole")
    return version
