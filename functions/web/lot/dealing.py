"""The steps of a deal, the offer of a second chance and putting up again, through the forms of a lot's page."""

from __future__ import annotations

from collections.abc import Callable

from starbid.domain.errors import Invalid, StarbidError, SubscriptionRequired
from starbid.domain.limits import Deed
from starbid.domain.lots import whole_number
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
    user_id = request.visitor.require_user()
    typed, dealing = TypedDeal("deliver", _text(request)), request.app.dealing
    return _step(
        request, auction_id, lambda: dealing.deliver(user_id, auction_id, typed.text, request.now), "delivered", typed
    )


@router.post("/auction/<auction_id>/confirm")
def confirm(request: Request, auction_id: str) -> Response:
    user_id, dealing = request.visitor.require_user(), request.app.dealing
    return _step(request, auction_id, lambda: dealing.confirm(user_id, auction_id, request.now), "confirmed")


@router.post("/auction/<auction_id>/take_back")
def take_back(request: Request, auction_id: str) -> Response:
    user_id, dealing = request.visitor.require_user(), request.app.dealing
    return _step(request, auction_id, lambda: dealing.take_back(user_id, auction_id, request.now), "returned")


@router.post("/auction/<auction_id>/dispute")
def dispute(request: Request, auction_id: str) -> Response:
    """`text`: what is wrong."""
    user_id = request.visitor.require_user()
    typed, dealing = TypedDeal("dispute", _text(request)), request.app.dealing
    return _step(
        request, auction_id, lambda: dealing.dispute(user_id, auction_id, typed.text, request.now), "disputed", typed
    )


@router.post("/auction/<auction_id>/dispute/withdraw")
def withdraw(request: Request, auction_id: str) -> Response:
    user_id, dealing = request.visitor.require_user(), request.app.dealing
    return _step(request, auction_id, lambda: dealing.withdraw(user_id, auction_id, request.now), "withdrawn")


@router.post("/auction/<auction_id>/answer")
def answer(request: Request, auction_id: str) -> Response:
    """`text`: the seller's side of a dispute; sent again, it takes the place of the former."""
    user_id = request.visitor.require_user()
    typed, dealing = TypedDeal("answer", _text(request)), request.app.dealing
    return _step(
        request, auction_id, lambda: dealing.answer(user_id, auction_id, typed.text, request.now), "answered", typed
    )


@router.post("/auction/<auction_id>/rate")
def rate(request: Request, auction_id: str) -> Response:
    """`stars`: 1 to 5; `text` may be empty."""
    user_id = request.visitor.require_user()
    typed = TypedDeal("rate", _text(request), request.form.get("stars", "")[:5])

    def act() -> object:
        stars = whole_number(typed.stars)
        if stars is None:
            raise Invalid("stars", "required" if not typed.stars else "whole")
        return request.app.dealing.rate(user_id, auction_id, stars, typed.text, request.now)

    return _step(request, auction_id, act, "rated", typed)


@router.post("/auction/<auction_id>/second_chance")
def offer_again(request: Request, auction_id: str) -> Response:
    """The seller of a refunded lot offers it to the runner-up."""
    user_id, second = request.visitor.require_user(), request.app.second_chance
    return _step(request, auction_id, lambda: second.offer(user_id, auction_id, request.now), "offered")


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
    user_id, second = request.visitor.require_user(), request.app.second_chance
    return _step(request, auction_id, lambda: second.decline(user_id, auction_id, request.now), "declined")


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
    request: Request, auction_id: str, act: Callable[[], object], note: str, typed: TypedDeal | None = None
) -> Response:
    """A step of the deal, then the lot again: with a note that it is done, or with the refusal."""
    try:
        act()
    except (StarbidError, Contended) as error:
        return refused_deal(request, auction_id, error, typed or TypedDeal())
    return with_note(back_to(auction_id), note)
