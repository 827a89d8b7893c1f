"""What people do with lots through the API."""

from __future__ import annotations

from collections.abc import Mapping

from starbid.domain.errors import Invalid
from starbid.domain.lots import read_draft
from starbid.services.idempotency import Answer
from starbid.services.views import view_lot
from web.api import shapes
from web.api.repeats import Remember, answer_once, created, done, request_id, respond
from web.http import Request, Response
from web.jsonbody import read_object
from web.routing import Router

router = Router()


@router.post("/auctions")
def publish(request: Request) -> Response:
    user_id, fields = request.visitor.require_user(), read_object(request)
    app, now = request.app, request.now

    def work(remember: Remember | None) -> Answer:
        draft = read_draft(fields, now, app.settings.business.min_auction_seconds)
        lot = app.publishing.publish(
            user_id,
            draft,
            (),
            request_id(request),
            now,
            (lambda lot: remember(created(shapes.lot(view_lot(lot, user_id, now))))) if remember else None,
        )
        return created(shapes.lot(view_lot(lot, user_id, now)))

    return respond(answer_once(request, user_id, work))


@router.post("/auctions/<auction_id>/bids")
def bid(request: Request, auction_id: str) -> Response:
    user_id, fields = request.visitor.require_user(), read_object(request)
    app, now = request.app, request.now

    def work(remember: Remember | None) -> Answer:
        accepted = app.bidding.bid(
            auction_id,
            user_id,
            read_amount(fields, "amount"),
            now,
            (lambda accepted: remember(created(shapes.own_bid(accepted, now)))) if remember else None,
        )
        return created(shapes.own_bid(accepted, now))

    return respond(answer_once(request, user_id, work))


@router.post("/auctions/<auction_id>/buy")
def buy(request: Request, auction_id: str) -> Response:
    user_id, fields = request.visitor.require_user(), read_object(request)
    app, now = request.app, request.now

    def work(remember: Remember | None) -> Answer:
        settled = app.bidding.buy(
            auction_id,
            user_id,
            read_amount(fields, "seen_price"),
            now,
            (lambda settled: remember(created(shapes.purchase(settled, now)))) if remember else None,
        )
        return created(shapes.purchase(settled, now))

    return respond(answer_once(request, user_id, work))


@router.post("/auctions/<auction_id>/cancel")
def cancel(request: Request, auction_id: str) -> Response:
    user_id = request.visitor.require_user()
    if request.body:
        read_object(request)
    app, now = request.app, request.now

    def work(remember: Remember | None) -> Answer:
        settled = app.publishing.cancel(
            user_id,
            auction_id,
            now,
            remember=(lambda settled: remember(done(shapes.cancelled(settled.auction, now)))) if remember else None,
        )
        return done(shapes.cancelled(settled.auction, now))

    return respond(answer_once(request, user_id, work))


def read_amount(fields: Mapping[str, object], name: str) -> int:
    """A whole number of JSON; how large it may be is the use case's to say. Raises Invalid."""
    value = fields.get(name)
    if value is None:
        raise Invalid(name, "required")
    if type(value) is not int:
        raise Invalid(name, "whole")
    return value
