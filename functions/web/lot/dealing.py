"""The steps of a deal, the offer of a second chance and putting up again, through the forms of a lot's page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starbid.domain.errors import Invalid, StarbidError, SubscriptionRequired
from starbid.domain.limits import Deed
from starbid.domain.typed_numbers import typed_whole
from starbid.services.ports import Contended
from web.kernel.http import Request, Response, redirect
from web.kernel.routing import Router
from web.lot.deal_view import TypedDeal
from web.lot.refusing import back_to, refused_deal
from web.shared.context import with_note

router = Router()


@router.post("/auction/<auction_id>/deliver")
def deliver(request: Request, auction_id: str) -> Response:
    """`text`: what the buyer needs."""
    return _step(request, auction_id, request.app.dealing.deliver, "delivered", TypedDeal("deliver", _text(request)))


@router.post("/auction/<auction_id>/confirm")
def confirm(request: Request, auction_id: str) -> Response:
    return _step(request, auction_id, request.app.dealing.confirm, "confirmed")


@router.post("/auction/<auction_id>/take_back")
def take_back(request: Request, auction_id: str) -> Response:
    return _step(request, auction_id, request.app.dealing.take_back, "returned")


@router.post("/auction/<auction_id>/dispute")
def dispute(request: Request, auction_id: str) -> Response:
    """`text`: what is wrong."""
    return _step(request, auction_id, request.app.dealing.dispute, "disputed", TypedDeal("dispute", _text(request)))


@router.post("/auction/<auction_id>/dispute/withdraw")
def withdraw(request: Request, auction_id: str) -> Response:
    return _step(request, auction_id, request.app.dealing.withdraw, "withdrawn")


@router.post("/auction/<auction_id>/answer")
def answer(request: Request, auction_id: str) -> Response:
    """`text`: the seller's side of a dispute; sent again, it takes the place of the former."""
    return _step(request, auction_id, request.app.dealing.answer, "answered", TypedDeal("answer", _text(request)))


@router.post("/auction/<auction_id>/rate")
def rate(request: Request, auction_id: str) -> Response:
    """`stars`: 1 to 5; `text` may be empty."""
    typed = TypedDeal("rate", _text(request), request.form.get("stars", "")[:5])

    def act(user_id: int, auction_id: str, text: str, now: datetime) -> object:
        stars = typed_whole(request.form.get("stars", ""))
        if stars is None:
            raise Invalid("stars", "required" if not typed.stars else "whole")
        return request.app.dealing.rate(user_id, auction_id, stars, text, now)

    return _step(request, auction_id, act, "rated", typed)


@router.post("/auction/<auction_id>/second_chance")
def offer_again(request: Request, auction_id: str) -> Response:
    """The seller of a refunded lot offers it to the runner-up."""
    return _step(request, auction_id, request.app.second_chance.offer, "offered")


@router.post("/auction/<auction_id>/second_chance/accept")
def take_offer(request: Request, auction_id: str) -> Response:
    """The runner-up buys: it goes on as a lot of its own, which is sold already."""
    user_id = request.visitor.require_user()
    try:
        lot = request.app.second_chance.accept(user_id, auction_id, request.now)
    except (StarbidError, Contended) as error:
        return refused_deal(request, auction_id, error, TypedDeal())
    return with_note(back_to(lot.auction.id), "taken")


@router.post("/auction/<auction_id>/second_chance/decline")
def decline_offer(request: Request, auction_id: str) -> Response:
    return _step(request, auction_id, request.app.second_chance.decline, "declined")


@router.post("/auction/<auction_id>/relist")
def relist(request: Request, auction_id: str) -> Response:
    """Leads to the new lot; pressed twice, to the same one, however it stands by then."""
    user_id = request.visitor.require_user()
    try:
        request.app.limits.require(Deed.LOT, user_id, request.now)
        lot = request.app.publishing.relist(user_id, auction_id, request.now)
    except SubscriptionRequired:
        return redirect("/subscribe")
    except (StarbidError, Contended) as error:
        return refused_deal(request, auction_id, error, TypedDeal())
    back, is_new = back_to(lot.auction.id), lot.auction.starts_at == request.now
    return with_note(back, "published") if is_new else back


def _text(request: Request) -> str:
    return request.form.get("text", "").replace("\r\n", "\n")


def _step(
    request: Request, auction_id: str, act: Callable[..., object], note: str, typed: TypedDeal | None = None
) -> Response:
    """A step of the visitor's, with the text where one is typed; then the lot again, with a note or the refusal."""
    user_id, text = request.visitor.require_user(), (typed.text,) if typed else ()
    try:
        act(user_id, auction_id, *text, request.now)
    except (StarbidError, Contended) as error:
        return refused_deal(request, auction_id, error, typed or TypedDeal())
    return with_note(back_to(auction_id), note)
