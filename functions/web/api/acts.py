"""What people do with lots through the API."""

from __future__ import annotations

from collections.abc import Mapping

from starbid.domain.closing import Closed
from starbid.domain.errors import Invalid
from starbid.domain.kinds.base import Accepted
from starbid.domain.limits import Deed
from starbid.domain.lots import Lot, read_draft
from starbid.services.auctions.looking import Admit
from starbid.services.idempotency import Answer, MakeRecord
from starbid.services.views import view_lot
from web.api import shapes
from web.api.about import About
from web.api.repeats import HEADER, act_once, created, done, request_id
from web.kernel.http import Request, Response
from web.kernel.json_body import read_object, read_whole
from web.kernel.routing import Router
from web.shared.roles import cancelling

router = Router()


@router.post("/auctions", about=About("Put a lot up", body="NewLot", answer="Lot", status=201))
def publish(request: Request) -> Response:
    user_id, fields = request.visitor.require_user(), read_object(request)
    app, now = request.app, request.now

    def act(make_record: MakeRecord[Lot] | None) -> Lot:
        app.limits.require(Deed.LOT, user_id, now)
        business = app.settings.business
        draft = read_draft(fields, now, business.min_auction_seconds, currencies=business.currencies)
        return app.publishing.publish(user_id, draft, (), request_id(request), now, make_record)

    return act_once(request, user_id, act, lambda lot: created(shapes.lot(view_lot(lot, user_id, now))))


@router.post(
    "/auctions/<auction_id>/bids",
    about=About("Bid up to an amount", body="NewBid", answer="OwnBid", status=201),
)
def bid(request: Request, auction_id: str) -> Response:
    user_id, admit = _bidder(request)
    fields = read_object(request)
    app, now = request.app, request.now

    def act(make_record: MakeRecord[Accepted] | None) -> Accepted:
        amount, card = read_whole(fields, "amount"), read_card_version(fields)
        return app.bidding.bid(
            auction_id, user_id, amount, now, make_record, card_version=card, confirmed=True, admit=admit
        )

    def tell(accepted: Accepted) -> Answer:
        return created(shapes.own_bid(accepted))

    return act_once(request, user_id, act, tell, lambda *place: tell(app.bidding.placed(*place)))


@router.post(
    "/auctions/<auction_id>/buy",
    about=About("Buy at the price seen", body="NewPurchase", answer="Purchase", status=201),
)
def buy(request: Request, auction_id: str) -> Response:
    user_id, admit = _bidder(request)
    fields = read_object(request)
    app, now = request.app, request.now

    def act(make_record: MakeRecord[Closed] | None) -> Closed:
        price, card = read_whole(fields, "seen_price"), read_card_version(fields)
        return app.bidding.buy(auction_id, user_id, price, now, make_record, card_version=card, admit=admit)

    def tell(closed: Closed) -> Answer:
        return created(shapes.purchase(closed))

    return act_once(request, user_id, act, tell, lambda *place: tell(app.bidding.bought(*place)))


@router.post(
    "/auctions/<auction_id>/cancel",
    about=About(
        "Cancel one's lot without bids; an admin may cancel any, with a reason",
        body="Cancellation",
        may_be_empty=True,
        answer="Cancelled",
    ),
)
def cancel(request: Request, auction_id: str) -> Response:
    """An empty body; an admin may give a `reason`."""
    user_id, fields = request.visitor.require_user(), read_object(request) if request.body else {}
    app, now = request.app, request.now

    def act(make_record: MakeRecord[Closed] | None) -> Closed:
        reason = fields.get("reason")
        if not isinstance(reason, str | None):
            raise Invalid("reason", "text")
        decision = cancelling(request, reason)
        return app.publishing.cancel(user_id, auction_id, now, decision=decision, make_record=make_record)

    return act_once(request, user_id, act, lambda closed: done(shapes.cancelled(closed.auction, now)))


def _bidder(request: Request) -> tuple[int, Admit | None]:
    """Who bids. A remembered answer is for somebody who is known: with a key they are looked up first."""
    visitor = request.visitor
    return (visitor.require_user(), None) if HEADER.lower() in request.headers else visitor.presume()


def read_card_version(fields: Mapping[str, object]) -> int | None:
    """The version of the words that the person saw, where it is told. Raises Invalid."""
    value = fields.get("card_version")
    if value is not None and type(value) is not int:
        raise Invalid("card_version", "whole")
    return value
