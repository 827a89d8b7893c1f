"""What people do with a lot: bid, buy, cancel, and the steps of a deal. Success leads back to the lot's page."""

from __future__ import annotations

from collections.abc import Callable

from starbid.domain.auction import Auction
from starbid.domain.errors import InsufficientFunds, Invalid, NotFound, NotSold, NotYours, StarbidError
from starbid.domain.kinds import is_unusual, kind_of
from starbid.domain.lots import whole_number
from starbid.domain.money import MAX_AMOUNT, Money
from starbid.services.ports import Contended
from starbid.wording import field_fault
from web.errors import as_refusal, message_of, status_of
from web.http import Request, Response, redirect
from web.pages import amounts
from web.pages.box_parts import Typed
from web.pages.context import page_words, with_note
from web.pages.lot import Refused, show_lot
from web.routing import Router

router = Router()


@router.post("/auction/<auction_id>/bid")
def bid(request: Request, auction_id: str) -> Response:
    """`amount`: one's maximum. One of ten times the least bid or more is asked about first (`confirmed`)."""
    user_id = request.visitor.require_user()
    typed = request.form.get("amount", "").strip()[:40]
    try:
        auction = request.app.store.auction(auction_id)
        amount = _amount(request, auction)
        if not request.form.get("confirmed") and _asks_first(request, auction, user_id, amount):
            return show_lot(request, auction_id, Refused(Typed(typed, unusual=Money(amount, auction.currency))))
        request.app.bidding.bid(auction_id, user_id, amount, request.now)
    except (StarbidError, Contended) as error:
        return _refused_bid(request, auction_id, error, typed)
    return _back(auction_id)


def _amount(request: Request, auction: Auction) -> int:
    """Minor units; raises Invalid."""
    read = amounts.read_field(request.form, "amount", auction.currency)
    if read is None:
        raise Invalid("amount", "whole")
    return read


def _asks_first(request: Request, auction: Auction, user_id: int, amount: int) -> bool:
    """A bid that would be accepted, but looks like a slip. What would be refused is refused without a question."""
    if not 1 <= amount <= MAX_AMOUNT:
        return False
    maximum = Money(amount, auction.currency)
    if not is_unusual(auction, user_id, maximum):
        return False
    wallet = request.app.store.wallet(user_id, auction.currency, consistent=True)
    wallet.require_standing()
    accepted = kind_of(auction).bid(auction, user_id, maximum, request.now, wallet.stakes.get(auction.id))
    wallet.require(accepted.needed)
    return True


@router.post("/auction/<auction_id>/buy")
def buy(request: Request, auction_id: str) -> Response:
    """`seen_price`: the price on the button, minor units."""
    user_id = request.visitor.require_user()
    try:
        seen = whole_number(request.form.get("seen_price", ""))
        if seen is None:
            raise Invalid("seen_price", "whole")
        request.app.bidding.buy(auction_id, user_id, seen, request.now)
    except (StarbidError, Contended) as error:
        return _refused_bid(request, auction_id, error)
    return _back(auction_id)


@router.post("/auction/<auction_id>/cancel")
def cancel(request: Request, auction_id: str) -> Response:
    user_id = request.visitor.require_user()
    try:
        request.app.publishing.cancel(user_id, auction_id, request.now)
    except (StarbidError, Contended) as error:
        return _refused_bid(request, auction_id, error)
    return with_note(_back(auction_id), "cancelled")


@router.post("/auction/<auction_id>/deliver")
def deliver(request: Request, auction_id: str) -> Response:
    """`text`: what the buyer needs."""
    user_id = request.visitor.require_user()
    text = request.form.get("text", "").replace("\r\n", "\n")
    dealing = request.app.dealing
    return _step(
        request, auction_id, lambda: dealing.deliver(user_id, auction_id, text, request.now), "delivered", text
    )


@router.post("/auction/<auction_id>/confirm")
def confirm(request: Request, auction_id: str) -> Response:
    user_id, dealing = request.visitor.require_user(), request.app.dealing
    return _step(request, auction_id, lambda: dealing.confirm(user_id, auction_id, request.now), "confirmed")


@router.post("/auction/<auction_id>/take_back")
def take_back(request: Request, auction_id: str) -> Response:
    user_id, dealing = request.visitor.require_user(), request.app.dealing
    return _step(request, auction_id, lambda: dealing.take_back(user_id, auction_id, request.now), "returned")


def _step(request: Request, auction_id: str, act: Callable[[], object], note: str, text: str = "") -> Response:
    """A step of the deal, then the lot again: with a note that it is done, or with the refusal."""
    try:
        act()
    except (StarbidError, Contended) as error:
        return _refused_deal(request, auction_id, error, text)
    return with_note(_back(auction_id), note)


def _refused_bid(request: Request, auction_id: str, error: Exception, typed: str = "") -> Response:
    """The lot again with the sentence beside the field, and what was typed still in it."""
    told = as_refusal(error)
    if isinstance(told, NotFound):
        raise told
    missing = told.missing if isinstance(told, InsufficientFunds) else None
    refused = Refused(Typed(typed, _sentence(request, told), missing))
    return show_lot(request, auction_id, refused, status_of(told))


def _refused_deal(request: Request, auction_id: str, error: Exception, text: str) -> Response:
    told = as_refusal(error)
    if isinstance(told, NotFound):
        raise told
    if isinstance(told, NotSold | NotYours):  # their page has no deal to say it beside
        return _refused_bid(request, auction_id, told)
    refused = Refused(delivery=text, delivery_fault=_sentence(request, told))
    return show_lot(request, auction_id, refused, status_of(told))


def _sentence(request: Request, told: StarbidError) -> str:
    words = page_words(request)
    return field_fault(told, words) if isinstance(told, Invalid) else message_of(told, words)


def _back(auction_id: str) -> Response:
    return redirect(f"/auction/{auction_id}")
