"""The steps of a deal, the offer of a second chance and putting up again, through the forms of a lot's page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starbid.domain.deal_errors import WrongOfferState
from starbid.domain.deal_rules import DealStep
from starbid.domain.errors import Invalid, StarbidError, SubscriptionRequired
from starbid.domain.evidence import picture_name
from starbid.domain.limits import Deed
from starbid.domain.repeating import is_answered, is_done, is_offered
from starbid.domain.second_chance_offer import OfferState
from starbid.domain.typed_numbers import typed_whole
from starbid.imaging.sizes import PICTURE_TYPE
from starbid.services.ports import Contended
from starbid.services.views import LotView
from web.kernel.exceptions import NoSuchPage
from web.kernel.forms import Form
from web.kernel.http import Request, Response, path_with, redirect
from web.kernel.routing import Router
from web.lot.deal_view import TypedDeal
from web.lot.refusing import Done, back_to, refused_deal
from web.shared.context import with_note

router = Router()


def _again(form: str = "") -> Callable[[Request, StarbidError, str], Response]:
    """Shows the lot again, with what was typed into this form of the deal."""

    def show(request: Request, error: StarbidError, auction_id: str) -> Response:
        return refused_deal(request, auction_id, error, _typed(request.typed, form) if form else TypedDeal())

    return show


@router.post("/auction/<auction_id>/deliver", again=_again("deliver"))
def deliver(request: Request, auction_id: str) -> Response:
    """`text`: what the buyer needs; `files` go with it."""
    typed = _typed(request.form, "deliver")
    uploads = [(upload.filename, upload.data) for upload in request.form.files("files")]
    if uploads:

        def act(user_id: int, auction_id: str, text: str, now: datetime) -> object:
            return request.app.file_delivery.deliver_uploads(user_id, auction_id, text, uploads, now)

        return _step(request, auction_id, act, "delivered", lambda _error, _view: False, typed)
    return _step(request, auction_id, request.app.dealing.deliver, "delivered", _did(DealStep.DELIVER, typed), typed)


@router.post("/auction/<auction_id>/confirm", again=_again())
def confirm(request: Request, auction_id: str) -> Response:
    return _step(request, auction_id, request.app.dealing.confirm, "confirmed", _did(DealStep.CONFIRM))


@router.post("/auction/<auction_id>/take_back", again=_again())
def take_back(request: Request, auction_id: str) -> Response:
    return _step(request, auction_id, request.app.dealing.take_back, "returned", _did(DealStep.TAKE_BACK))


@router.post("/auction/<auction_id>/dispute", again=_again("dispute"))
def dispute(request: Request, auction_id: str) -> Response:
    """`text`: what is wrong; `pictures`: files that show it."""
    typed, files = _typed(request.form, "dispute"), _photos(request.form)

    def act(user_id: int, auction_id: str, text: str, now: datetime) -> object:
        return request.app.evidence.dispute(user_id, auction_id, text, files, now)

    return _step(request, auction_id, act, "disputed", _did(DealStep.DISPUTE, typed, files), typed)


@router.post("/auction/<auction_id>/dispute/withdraw", again=_again())
def withdraw(request: Request, auction_id: str) -> Response:
    return _step(request, auction_id, request.app.dealing.withdraw, "withdrawn", _did(DealStep.WITHDRAW))


@router.post("/auction/<auction_id>/answer", again=_again("answer"))
def answer(request: Request, auction_id: str) -> Response:
    """`text`: the seller's side of a dispute; sent again, it takes the place of the former. `pictures`: files, which
    come on top of the former.
    """
    typed, files = _typed(request.form, "answer"), _photos(request.form)

    def act(user_id: int, auction_id: str, text: str, now: datetime) -> object:
        return request.app.evidence.answer(user_id, auction_id, text, files, now)

    return _step(request, auction_id, act, "answered", _did(DealStep.ANSWER, typed, files), typed)


@router.post("/auction/<auction_id>/evidence", again=_again("photos"))
def add_photos(request: Request, auction_id: str) -> Response:
    """`pictures`: more files of a side that has said something."""
    typed, files = _typed(request.form, "photos"), _photos(request.form)

    def act(user_id: int, auction_id: str, _text: str, now: datetime) -> object:
        if not files:
            raise Invalid("images", "required")
        return request.app.evidence.add(user_id, auction_id, files, now)

    return _step(request, auction_id, act, "photos-added", lambda _error, _view: False, typed)


@router.get("/auction/<auction_id>/evidence/<picture_id>", page="/auction/<auction_id>")
def photo(request: Request, auction_id: str, picture_id: str) -> Response:
    """A photo of a dispute, for its two sides and operators; to everybody else it is not there. `size`: `small`, or
    `large` as without.
    """
    viewer_id, size = request.visitor.user_id, request.query.get("size", "large")
    data = request.app.evidence.seen_by(viewer_id, auction_id, picture_id, size, request.now) if viewer_id else None
    if data is None:
        raise NoSuchPage
    return Response(data, 200, PICTURE_TYPE, {"cache-control": "private, no-store"})


@router.post("/auction/<auction_id>/rate", again=_again("rate"))
def rate(request: Request, auction_id: str) -> Response:
    """`stars`: 1 to 5; `text` may be empty."""
    typed = _typed(request.form, "rate")

    def act(user_id: int, auction_id: str, text: str, now: datetime) -> object:
        stars = typed_whole(typed.stars)
        if stars is None:
            raise Invalid("stars", "required" if not typed.stars else "whole")
        return request.app.dealing.rate(user_id, auction_id, stars, text, now)

    return _step(request, auction_id, act, "rated", _did(DealStep.RATE, typed), typed)


@router.post("/auction/<auction_id>/second_chance", again=_again())
def offer_again(request: Request, auction_id: str) -> Response:
    """The seller of a refunded lot offers it to the runner-up."""

    def offered(_: StarbidError, view: LotView) -> bool:
        return view.is_seller and is_offered(view.lot.auction.offer, request.now)

    return _step(request, auction_id, request.app.second_chance.offer, "offered", offered)


@router.post("/auction/<auction_id>/second_chance/accept", again=_again())
def take_offer(request: Request, auction_id: str) -> Response:
    """The runner-up buys: it goes on as a lot of its own, which is sold already; pressed twice, to the same one."""
    user_id = request.visitor.require_user()
    try:
        taken_id = request.app.second_chance.accept(user_id, auction_id, request.now).auction.id
    except (StarbidError, Contended) as error:
        taken = request.app.second_chance.taken_by(user_id, auction_id) if isinstance(error, WrongOfferState) else None
        if taken is None:
            return refused_deal(request, auction_id, error, TypedDeal())
        taken_id = taken
    return with_note(back_to(taken_id), "taken")


@router.post("/auction/<auction_id>/second_chance/decline", again=_again())
def decline_offer(request: Request, auction_id: str) -> Response:
    def declined(_: StarbidError, view: LotView) -> bool:
        return is_answered(view.lot.auction.offer, view.viewer_id, OfferState.DECLINED)

    return _step(request, auction_id, request.app.second_chance.decline, "declined", declined)


@router.post("/auction/<auction_id>/relist", again=_again())
def relist(request: Request, auction_id: str) -> Response:
    """Leads to the new lot; pressed twice, to the same one, however it stands by then."""
    user_id = request.visitor.require_user()
    try:
        request.app.limits.require(Deed.LOT, user_id, request.now)
        lot = request.app.publishing.relist(user_id, auction_id, request.now)
    except SubscriptionRequired:
        if request.wants_json:
            raise
        return with_note(redirect(path_with("/subscribe", next=f"/auction/{auction_id}")), "relist-needs")
    except (StarbidError, Contended) as error:
        return refused_deal(request, auction_id, error, TypedDeal())
    back, is_new = back_to(lot.auction.id), lot.auction.starts_at == request.now
    return with_note(back, "published") if is_new else back


def _typed(fields: Form, form: str) -> TypedDeal:
    text, stars = fields.get("text", "").replace("\r\n", "\n"), fields.get("stars", "")[:5]
    return TypedDeal(form, text, stars, had_photos=bool(_photos(fields) or fields.files("files")))


def _photos(fields: Form) -> tuple[bytes, ...]:
    return tuple(upload.data for upload in fields.files("pictures"))


def _did(step: DealStep, typed: TypedDeal | None = None, files: tuple[bytes, ...] = ()) -> Done:
    """Whether the one who looks has done just this before."""
    said, stars = (typed.text, typed_whole(typed.stars)) if typed else ("", None)

    def done(_: StarbidError, view: LotView) -> bool:
        deal, who = view.deal, view.viewer_id
        shown = tuple(picture_name(deal.auction_id, who, data) for data in files) if deal and who else ()
        return deal is not None and is_done(step, deal, who, said, stars, shown)

    return done


def _step(
    request: Request,
    auction_id: str,
    act: Callable[..., object],
    note: str,
    done: Done,
    typed: TypedDeal | None = None,
) -> Response:
    """A step of the visitor's, with the text where one is typed; then the lot again, with a note or the refusal."""
    user_id, text = request.visitor.require_user(), (typed.text,) if typed else ()
    try:
        act(user_id, auction_id, *text, request.now)
    except (StarbidError, Contended) as error:
        return refused_deal(request, auction_id, error, typed or TypedDeal(), done=done, note=note)
    return with_note(back_to(auction_id), note)
