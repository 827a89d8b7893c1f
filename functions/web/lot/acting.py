"""What people do with a lot: bid, buy, cancel, and the steps of a deal. Success leads back to the lot's page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from starbid.domain.deal_errors import NotSold
from starbid.domain.errors import (
    BidTooLow,
    InsufficientFunds,
    Invalid,
    LotChanged,
    NotFound,
    NotYours,
    StarbidError,
    SubscriptionRequired,
    UnusualBid,
)
from starbid.domain.kinds import kind_of
from starbid.domain.limits import Deed
from starbid.domain.lots import FIRST_VERSION, whole_number
from starbid.services.ports import Contended
from starbid.wording import field_fault
from web.kernel.http import Request, Response, redirect
from web.kernel.routing import Router
from web.lot.deal_view import TypedDeal
from web.lot.page import Refused, show_lot
from web.lot.price_box.parts import Typed
from web.shared import amounts
from web.shared.context import page_words, with_note
from web.shared.refusals import as_refusal, message_of, status_of, with_patience

router = Router()


@router.post("/auction/<auction_id>/bid")
def bid(request: Request, auction_id: str) -> Response:
    """`amount`: one's maximum. One of ten times the least bid or more is asked about first (`confirmed`)."""
    user_id, admit = request.visitor.presume()
    typed = request.form.get("amount", "").strip()[:40]
    try:
        request.app.bidding.bid(
            auction_id,
            user_id,
            partial(_amount, request),
            request.now,
            card_version=_card_version(request),
            confirmed=bool(request.form.get("confirmed")),
            admit=admit,
        )
    except UnusualBid as slip:
        return show_lot(request, auction_id, Refused(Typed(typed, unusual=slip.amount)))
    except (StarbidError, Contended) as error:
        return _refused_bid(request, auction_id, error, typed)
    return _back(auction_id)


def _amount(request: Request, currency: str) -> int:
    """Minor units; raises Invalid."""
    read = amounts.read_field(request.form, "amount", currency)
    if read is None:
        raise Invalid("amount", "whole")
    return read


def _card_version(request: Request) -> int:
    """The version of the words on the page that sent the form. Raises Invalid."""
    version = whole_number(request.form.get("card_version") or str(FIRST_VERSION))
    if version is None:
        raise Invalid("card_version", "whole")
    return version


@router.post("/auction/<auction_id>/buy")
def buy(request: Request, auction_id: str) -> Response:
    """`seen_price`: the price on the button, minor units."""
    user_id, admit = request.visitor.presume()
    try:
        seen = whole_number(request.form.get("seen_price", ""))
        if seen is None:
            raise Invalid("seen_price", "whole")
        card = _card_version(request)
        request.app.bidding.buy(auction_id, user_id, seen, request.now, card_version=card, admit=admit)
    except (StarbidError, Contended) as error:
        return _refused_bid(request, auction_id, error)
    return _back(auction_id)


@router.post("/auction/<auction_id>/cancel")
def cancel(request: Request, auction_id: str) -> Response:
    """`reason`: an admin's, up to 500 characters; sellers give none."""
    user_id, reason = request.visitor.require_user(), request.form.get("reason")
    try:
        request.app.publishing.cancel(user_id, auction_id, request.now, reason=reason)
    except (StarbidError, Contended) as error:
        return _refused_bid(request, auction_id, error)
    return with_note(_back(auction_id), "cancelled")


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
        return _refused_deal(request, auction_id, error, TypedDeal())
    return with_note(_back(lot.auction.id), "taken")


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
        return _refused_deal(request, auction_id, error, TypedDeal())
    back, is_new = _back(lot.auction.id), lot.auction.starts_at == request.now
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
        return _refused_deal(request, auction_id, error, typed or TypedDeal())
    return with_note(_back(auction_id), note)


def _refused_bid(request: Request, auction_id: str, error: Exception, typed: str = "") -> Response:
    """The lot again with the sentence beside the field, and what was typed still in it.

    A page of older words is loaded anew as a whole, whatever was refused: its box alone would bid on the new ones.
    """
    request.visitor.require_user()  # who is nobody any more is told that first
    told = as_refusal(error)
    if isinstance(told, NotFound):
        raise told
    if request.headers.get("hx-request") and (isinstance(told, LotChanged) or _is_outdated(request, auction_id)):
        seen = Response("", status_of(told), headers={"hx-redirect": f"/auction/{auction_id}"})
        return with_note(seen, "changed")
    missing = told.missing if isinstance(told, InsufficientFunds) else None
    refused = Refused(Typed(typed, _about_bid(request, auction_id, told), missing))
    return show_lot(request, auction_id, refused, status_of(told))


def _is_outdated(request: Request, auction_id: str) -> bool:
    """Whether the form is from a page that shows other words than the lot has."""
    if "card_version" not in request.form:
        return False
    seen = whole_number(request.form["card_version"])
    return seen != request.app.store.auction(auction_id, consistent=True).card_version


def _about_bid(request: Request, auction_id: str, told: StarbidError) -> str:
    """The leader who bids less than a step above their own maximum is told that they lead."""
    words = page_words(request)
    if isinstance(told, BidTooLow) and _leads(request, auction_id):
        return words._("You lead. To raise your maximum, bid at least {least}.", least=words.money(told.next_min))
    return _sentence(request, told)


def _leads(request: Request, auction_id: str) -> bool:
    """As far as the public may know it: of a sealed lot nobody does."""
    auction = request.app.store.auction(auction_id)
    return kind_of(auction).view(auction, request.now).leader_id == request.visitor.user_id


def _refused_deal(request: Request, auction_id: str, error: Exception, typed: TypedDeal) -> Response:
    told = as_refusal(error)
    if isinstance(told, NotFound):
        raise told
    if isinstance(told, NotSold | NotYours):  # their page has no deal to say it beside
        return _refused_bid(request, auction_id, told)
    sentence = _sentence(request, told)
    is_typed = isinstance(told, Invalid)
    typed = replace(typed, fault=sentence) if is_typed else TypedDeal(fault=sentence)
    return with_patience(show_lot(request, auction_id, Refused(deal=typed), status_of(told)), told)


def _sentence(request: Request, told: StarbidError) -> str:
    words = page_words(request)
    return field_fault(told, words) if isinstance(told, Invalid) else message_of(told, words)


def _back(auction_id: str) -> Response:
    return redirect(f"/auction/{auction_id}")
