"""Putting a lot up and editing it, with its pictures."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from markupsafe import escape

from starbid.domain.auction import Status
from starbid.domain.errors import (
    AuctionClosed,
    HasBids,
    InDebt,
    Invalid,
    InvalidFields,
    NotFound,
    NotYours,
    StarbidError,
    SubscriptionRequired,
)
from starbid.domain.lots import Draft, read_draft
from starbid.domain.money import XTR, Money
from starbid.services.ports import Contended
from starbid.services.views import LotView
from web.errors import as_refusal, message_of, status_of
from web.http import Request, Response, html, redirect, to_json
from web.pages.context import page_words, show, with_note
from web.pages.price_path import price_path
from web.pages.rendering import picture_url
from web.pages.selling_view import (
    FIELDS,
    SubscriptionOffer,
    draft_fields,
    fault_words,
    sell_form,
    values_of,
)
from web.pictures import accept_pictures, accept_upload, require_few
from web.routing import Router

router = Router()
_PICTURE = re.compile(r"[a-z0-9]{8,40}")
_MOST_TYPED = 10_000
"""A refused text goes back into the page, but not without end."""


@router.get("/new_auction")
def new_auction(request: Request) -> Response:
    request.visitor.require_person()
    return _form(request, {})


@router.post("/new_auction")
def publish(request: Request) -> Response:
    """`request_id`: a second press of the button gives the same lot. `subscribe`: pay the subscription on the way."""
    user_id = request.visitor.require_user()
    request_id = request.form.get("request_id", "")[:64] or secrets.token_hex(16)
    checked = _check(request, user_id)
    try:
        draft = checked.require_draft()
        if request.form.get("subscribe"):
            _subscribe_first(request, user_id, request_id)
        lot = request.app.publishing.publish(user_id, draft, checked.pictures, request_id, request.now)
    except (StarbidError, Contended) as error:
        return _refused(request, error, checked.pictures, request_id)
    return with_note(redirect(f"/auction/{lot.auction.id}"), "published")


@router.get("/auction/<auction_id>/edit")
def edit(request: Request, auction_id: str) -> Response:
    view = _editable(request, auction_id)
    values = values_of(view.lot)
    if view.status is Status.LIVE:
        values["starts_at"] = ""
    return _form(request, values, pictures=view.lot.card.pictures, auction_id=auction_id)


@router.post("/auction/<auction_id>/edit")
def save(request: Request, auction_id: str) -> Response:
    user_id = request.visitor.require_user()
    checked = _check(request, user_id)
    try:
        draft = checked.require_draft()
        request.app.publishing.edit(user_id, auction_id, draft, checked.pictures, request.now)
    except (NotFound, NotYours):
        raise
    except (StarbidError, Contended) as error:
        return _refused(request, error, checked.pictures, "", auction_id)
    return with_note(redirect(f"/auction/{auction_id}"), "edited")


@router.get("/new_auction/price_path")
def path_of_price(request: Request) -> Response:
    """The line below the fields of a falling price, as they are typed."""
    typed = {name: request.query.get(name, "")[:40] for name in request.query}
    return html(str(escape(price_path(typed, page_words(request)))))


@router.post("/new_auction/uploads")
def upload_form(request: Request) -> Response:
    """Where the browser may send one picture: a presigned POST of the bucket."""
    return to_json(request.app.pictures.upload_form(request.visitor.require_user()))


@router.post("/new_auction/pictures")
def uploaded(request: Request) -> Response:
    """A picture has arrived in the bucket under `key`: look at it now, so that publishing is quick."""
    user_id = request.visitor.require_user()
    words = page_words(request)
    try:
        picture_id = accept_upload(request.app.pictures, user_id, request.form.get("key", ""))
    except Invalid as error:
        return to_json({"message": fault_words(error, XTR, words)[error.field]}, 422)
    return to_json({"picture": picture_id, "url": picture_url(picture_id, "small")}, 201)


@dataclass(frozen=True)
class _Checked:
    """A form that was read: every fault at once, and the pictures that are good whatever the rest is."""

    draft: Draft | None
    pictures: tuple[str, ...]
    faults: tuple[Invalid, ...]

    def require_draft(self) -> Draft:
        if self.draft is None or self.faults:
            raise InvalidFields(self.faults)
        return self.draft


def _check(request: Request, user_id: int) -> _Checked:
    draft, pictures = None, _kept_pictures(request)
    faults: list[Invalid] = []
    try:
        least = request.app.settings.business.min_auction_seconds
        draft = read_draft(draft_fields(request.form), request.now, least)
    except InvalidFields as error:
        faults += error.errors
    try:
        pictures = _all_pictures(request, user_id, pictures)
    except Invalid as error:
        faults.append(error)
    return _Checked(draft, pictures, tuple(faults))


def _kept_pictures(request: Request) -> tuple[str, ...]:
    """Those that are stored already, in their order, without those taken away."""
    dropped = set(request.form.all("drop"))
    stored = (name for name in request.form.all("pictures") if _PICTURE.fullmatch(name) and name not in dropped)
    return tuple(dict.fromkeys(stored))


def _all_pictures(request: Request, user_id: int, kept: tuple[str, ...]) -> tuple[str, ...]:
    keys = [key for key in request.form.all("uploads") if key]
    files = [upload.data for upload in request.form.files("images")]
    require_few(len(kept) + len(keys) + len(files))
    store = request.app.pictures
    return (*kept, *(accept_upload(store, user_id, key) for key in keys), *accept_pictures(store, files))


def _subscribe_first(request: Request, user_id: int, request_id: str) -> None:
    try:
        request.app.publishing.require_seller(user_id, request.now)
    except SubscriptionRequired:
        request.app.people.subscribe(user_id, f"sell-{request_id}", request.now)


def _refused(
    request: Request, error: Exception, pictures: tuple[str, ...], request_id: str, auction_id: str | None = None
) -> Response:
    """The form again, with what was typed, the pictures that were good, and a sentence where it belongs."""
    told, words = as_refusal(error), page_words(request)
    typed = {name: request.form.get(name, "")[:_MOST_TYPED] for name in FIELDS}
    faults = fault_words(told, typed["currency"], words) if isinstance(told, Invalid | InvalidFields) else {}
    shown = faults or isinstance(told, SubscriptionRequired | InDebt)
    sentence = "" if shown else message_of(told, words)
    return _form(
        request, typed, status_of(told), faults=faults, pictures=pictures, request_id=request_id,
        auction_id=auction_id, refusal=sentence, owed=told.owed if isinstance(told, InDebt) else None,
    )  # fmt: skip


def _form(
    request: Request,
    values: dict[str, str],
    status: int = 200,
    *,
    faults: dict[str, str] | None = None,
    pictures: tuple[str, ...] = (),
    request_id: str = "",
    auction_id: str | None = None,
    refusal: str = "",
    owed: Money | None = None,
) -> Response:
    form = sell_form(
        values,
        page_words(request),
        request_id=request_id or secrets.token_hex(16),
        faults=faults,
        pictures=pictures,
        auction_id=auction_id,
        offer=None if auction_id else _offer(request),
        least_seconds=request.app.settings.business.min_auction_seconds,
        refusal=refusal,
        owed=None if auction_id else owed or _owed(request),
    )
    return show(request, "selling/form.html", status, form=form)


def _owed(request: Request) -> Money | None:
    """What stands in the way of publishing, and is better told before everything is filled in."""
    wallet = request.visitor.account[1]
    return wallet.owed if wallet and wallet.owed else None


def _offer(request: Request) -> SubscriptionOffer | None:
    """None for one who may sell already."""
    person = request.visitor.require_person()
    if person.may_sell(request.now):
        return None
    price = request.app.settings.business.subscription
    available = request.app.store.wallet(person.id, XTR).settled().available
    return SubscriptionOffer(price, price - available if available < price else None)


def _editable(request: Request, auction_id: str) -> LotView:
    """The person's own lot, before its first bid and its end. Raises what `edit` would."""
    user_id = request.visitor.require_user()
    view = request.app.browsing.lot(auction_id, user_id, request.now, fresh=True)
    if not view.is_seller:
        raise NotYours
    if view.status not in (Status.LIVE, Status.SCHEDULED):
        raise AuctionClosed
    if view.lot.auction.bids_count:
        raise HasBids
    return view
