"""Where a form of a lot's page leads: back to the lot, or to the lot again with the refusal in its place.

What somebody has done already is no refusal: who sends a form twice is led back as after the first time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from starbid.domain.deal_errors import NotSold
from starbid.domain.errors import (
    BidTooLow,
    InsufficientFunds,
    Invalid,
    LotChanged,
    NotFound,
    NotYours,
    StarbidError,
    TooOften,
)
from starbid.domain.typed_numbers import typed_whole
from starbid.domain.unfinished import Act
from starbid.field_words import field_fault
from starbid.services.views import LotView
from web.kernel.exceptions import CsrfFailed, TooLarge
from web.kernel.http import Request, Response, redirect
from web.lot.deal_view import TypedDeal
from web.lot.page import RefusedForm, look, show_lot
from web.lot.price_box.parts import Typed
from web.shared.context import page_words, with_note
from web.shared.refusals import as_refusal, message_of, status_of, with_patience

Done = Callable[[StarbidError, LotView], bool]
"""Whether a refusal only says that the very same has happened already, by how the lot stands now."""


def back_to(auction_id: str) -> Response:
    return redirect(f"/auction/{auction_id}")


def refused_bid(
    request: Request,
    auction_id: str,
    error: Exception,
    typed: str = "",
    act: Act | None = None,
    *,
    tail: str = "",
    done: Done | None = None,
) -> Response:
    """The lot again with the sentence beside the field (and `tail` behind it), and what was `typed` still in it; back
    to it where that is `done`. `act`: what was refused, to be done once the money for it is there.

    A page of older words is loaded again as a whole, whatever was refused: its box alone would bid on the new ones.
    """
    request.visitor.require_user()  # who is nobody any more is told that first
    told = as_refusal(error)
    if isinstance(told, NotFound):
        raise told
    in_place = bool(request.headers.get("hx-request"))
    if in_place and isinstance(told, LotChanged):
        return _loaded_as_a_whole(auction_id, told)
    seen = look(request, auction_id)
    if done and done(told, seen.view):
        return back_to(auction_id)
    if request.wants_json:
        raise told
    if in_place and _is_outdated(request, seen.view):
        return _loaded_as_a_whole(auction_id, told)
    missing = told.missing if isinstance(told, InsufficientFunds) else None
    sentence = " ".join(filter(None, (_about_bid(request, seen.view, told), tail)))
    refused = RefusedForm(Typed(typed, sentence, missing, act=act if missing else None))
    return show_lot(request, seen, refused, status_of(told))


def refused_deal(
    request: Request,
    auction_id: str,
    error: Exception,
    typed: TypedDeal,
    *,
    done: Done | None = None,
    note: str = "",
) -> Response:
    """The lot again with the sentence where the step stands; back to it, with the `note`, where that is `done`."""
    told = as_refusal(error)
    if isinstance(told, NotFound):
        raise told
    if isinstance(told, NotSold | NotYours):  # their page has no deal to say it beside
        return refused_bid(request, auction_id, told)
    seen = look(request, auction_id)
    if done and done(told, seen.view):
        return with_note(back_to(auction_id), note)
    if request.wants_json:
        raise told
    sentence = sentence_of(request, told)
    is_typed = isinstance(told, Invalid | CsrfFailed | TooLarge | TooOften)
    about_photos = isinstance(told, TooLarge) or (isinstance(told, Invalid) and told.field in ("images", "files"))
    typed = replace(typed, fault=sentence, about_photos=about_photos) if is_typed else TypedDeal(fault=sentence)
    return with_patience(show_lot(request, seen, RefusedForm(deal=typed), status_of(told)), told)


def _loaded_as_a_whole(auction_id: str, told: StarbidError) -> Response:
    seen = Response("", status_of(told), headers={"hx-redirect": f"/auction/{auction_id}"})
    return with_note(seen, "changed")


def _is_outdated(request: Request, view: LotView) -> bool:
    """Whether the form is from a page that shows other words than the lot has."""
    if "card_version" not in request.typed:
        return False
    return typed_whole(request.typed["card_version"]) != view.lot.auction.card_version


def _about_bid(request: Request, view: LotView, told: StarbidError) -> str:
    """The leader who bids less than a step above their own maximum is told that they lead."""
    words = page_words(request)
    if isinstance(told, BidTooLow) and view.you_lead:
        return words._("You lead. To raise your maximum, bid at least {least}.", least=words.money(told.next_min))
    return sentence_of(request, told)


def sentence_of(request: Request, told: StarbidError) -> str:
    """What is said beside a form: of a field that is wrong only what is wrong with it."""
    words = page_words(request)
    return field_fault(told, words) if isinstance(told, Invalid) else message_of(told, words)
