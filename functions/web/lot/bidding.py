"""Bids, purchases and cancelling, through the forms of a lot's page. Success leads back to it."""

from __future__ import annotations

from starbid.domain.auction import Status
from starbid.domain.errors import AuctionClosed, BidTooLow, InsufficientFunds, Invalid, StarbidError, UnusualBid
from starbid.domain.lots import FIRST_VERSION
from starbid.domain.money import Money
from starbid.domain.typed_numbers import TypedAmount, typed_amount, typed_whole
from starbid.domain.unfinished import BidAct, BuyAct
from starbid.services.ports import Contended
from starbid.services.views import LotView
from web.kernel.forms import Form
from web.kernel.http import Request, Response
from web.kernel.routing import Router
from web.lot.deal_view import TypedDeal
from web.lot.page import RefusedForm, look, show_lot
from web.lot.price_box.parts import Typed
from web.lot.refusing import back_to, refused_bid, refused_deal
from web.shared.context import with_note
from web.shared.roles import cancelling, role_of

router = Router()


def _bid_again(request: Request, error: StarbidError, auction_id: str) -> Response:
    return refused_bid(request, auction_id, error, _typed_amount(request.typed))


def _again(request: Request, error: StarbidError, auction_id: str) -> Response:
    return refused_bid(request, auction_id, error)


@router.post("/auction/<auction_id>/bid", again=_bid_again)
def bid(request: Request, auction_id: str) -> Response:
    """`amount`: one's maximum. One of ten times the least bid or more is asked about first (`confirmed`)."""
    user_id, admit = request.visitor.presume()
    amount, typed = TypedAmount("amount", request.form.get("amount", "")), _typed_amount(request.form)
    confirmed = bool(request.form.get("confirmed"))

    def stands(refusal: StarbidError, view: LotView) -> bool:
        mine = view.your_maximum
        return isinstance(refusal, BidTooLow) and mine is not None and mine == typed_amount(typed, mine.currency)

    try:
        request.app.bidding.bid(
            auction_id,
            user_id,
            amount,
            request.now,
            card_version=_card_version(request),
            confirmed=confirmed,
            admit=admit,
        )
    except InsufficientFunds as lacking:
        act = BidAct(auction_id, _money(amount, lacking), _card_version(request), confirmed=confirmed)
        return refused_bid(request, auction_id, lacking, typed, act)
    except UnusualBid as slip:
        if request.wants_json:
            raise
        return show_lot(request, look(request, auction_id), RefusedForm(Typed(typed, unusual=slip.amount)))
    except (StarbidError, Contended) as error:
        return refused_bid(request, auction_id, error, typed, done=stands)
    return back_to(auction_id)


@router.post("/auction/<auction_id>/buy", again=_again)
def buy(request: Request, auction_id: str) -> Response:
    """`seen_price`: the price on the button, as an amount is typed."""
    user_id, admit = request.visitor.presume()
    seen = TypedAmount("seen_price", request.form.get("seen_price", ""))
    try:
        card = _card_version(request)
        request.app.bidding.buy(auction_id, user_id, seen, request.now, card_version=card, admit=admit)
    except InsufficientFunds as lacking:
        act = BuyAct(auction_id, _money(seen, lacking), _card_version(request))
        return refused_bid(request, auction_id, lacking, act=act)
    except (StarbidError, Contended) as error:
        return refused_bid(request, auction_id, error, done=_is_bought)
    return back_to(auction_id)


def _cancel_again(request: Request, error: StarbidError, auction_id: str) -> Response:
    return refused_deal(request, auction_id, error, TypedDeal("cancel", request.typed.get("reason", "")))


@router.post("/auction/<auction_id>/cancel", again=_cancel_again)
def cancel(request: Request, auction_id: str) -> Response:
    """`reason`: an admin's, up to 500 characters; sellers give none."""
    user_id, reason = request.visitor.require_user(), request.form.get("reason")

    def cancelled(refusal: StarbidError, view: LotView) -> bool:
        mine = view.is_seller or role_of(request) is not None
        return mine and isinstance(refusal, AuctionClosed) and view.status is Status.CANCELLED

    try:
        decision = cancelling(request, reason)
        request.app.publishing.cancel(user_id, auction_id, request.now, decision=decision)
    except (StarbidError, Contended) as error:
        typed = TypedDeal("cancel", reason or "")
        return refused_deal(request, auction_id, error, typed, done=cancelled, note="cancelled")
    return with_note(back_to(auction_id), "cancelled")


def _is_bought(refusal: StarbidError, view: LotView) -> bool:
    return isinstance(refusal, AuctionClosed) and view.is_buyer


def _typed_amount(form: Form) -> str:
    return form.get("amount", "").strip()[:40]


def _money(typed: TypedAmount, lacking: InsufficientFunds) -> Money:
    """What was typed, in the currency of what is missing."""
    return Money(typed.minor_units(lacking.needed.currency), lacking.needed.currency)


def _card_version(request: Request) -> int:
    """The version of the words on the page that sent the form. Raises Invalid."""
    version = typed_whole(request.form.get("card_version") or str(FIRST_VERSION))
    if version is None:
        raise Invalid("card_version", "whole")
    return version
