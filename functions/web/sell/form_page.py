"""The page of the form of a lot: of a new one, or of one that is edited."""

from __future__ import annotations

import secrets
from datetime import datetime

from starbid.domain.money import Money
from web.kernel.http import Request, Response
from web.sell.form_view import DraftLink, Published, SubscriptionOffer, sell_form
from web.sell.previewing import Preview
from web.sell.proposing import Proposed
from web.shared.context import page_words, show


def show_form(
    request: Request,
    values: dict[str, str],
    status: int = 200,
    *,
    faults: dict[str, str] | None = None,
    pictures: tuple[str, ...] = (),
    uploads: tuple[str, ...] = (),
    files_left: bool = False,
    request_id: str = "",
    auction_id: str | None = None,
    refusal: str = "",
    owed: Money | None = None,
    saved_at: datetime | None = None,
    published: Published | None = None,
    proposed: Proposed | None = None,
    draft_id: str = "",
    others: tuple[DraftLink, ...] = (),
    preview: Preview | None = None,
) -> Response:
    """The form with what was typed; `saved_at`: it is a draft of then."""
    form = sell_form(
        values,
        page_words(request),
        request_id=request_id or secrets.token_hex(16),
        faults=faults,
        pictures=pictures,
        uploads=uploads,
        files_left=files_left,
        auction_id=auction_id,
        offer=None if auction_id else _offer(request),
        least_seconds=request.app.settings.business.min_auction_seconds,
        currencies=request.app.settings.business.currencies,
        refusal=refusal,
        owed=None if auction_id else owed or _owed(request),
        saved_at=saved_at,
        published=published,
        proposed=proposed,
        draft_id=draft_id,
        others=others,
        fee_percent=request.app.settings.business.fee_percent,
        preview=preview,
    )
    return show(request, "sell/form.html", status, form=form)


def _owed(request: Request) -> Money | None:
    """What stands in the way of publishing, and is better told before everything is filled in."""
    wallet = request.visitor.account[1]
    return wallet.owed if wallet and wallet.owed else None


def _offer(request: Request) -> SubscriptionOffer | None:
    """None for one who may sell already."""
    person, stars = request.visitor.require_person(), request.visitor.account[1]
    assert stars is not None
    if person.may_sell(request.now):
        return None
    price = request.app.settings.business.subscription
    return SubscriptionOffer(price, stars.missing(price))
