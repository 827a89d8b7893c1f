"""One step that tops up, subscribes and publishes: the form is checked before anybody pays, and kept as it was then."""

from __future__ import annotations

from starbid.domain.errors import Invalid
from starbid.domain.limits import Deed
from starbid.domain.lots import Draft
from starbid.domain.typed_numbers import typed_whole
from starbid.domain.unfinished import PublishAct
from starbid.services.auctions.draft_publishing import publication_of
from web.kernel.http import Request, Response
from web.sell.alt_texts import with_alts
from web.sell.drafting import keep_anyway
from web.sell.intake import Intake
from web.shared.paying import ask_for, show_invoice


def is_topping_up(request: Request, user_id: int) -> bool:
    """Whether the form asks for money first; one who may sell by now needs none. Raises Blocked, Restricted, InDebt."""
    return bool(request.form.get("top_up")) and request.app.publishing.needs_subscription(user_id, request.now)


def require_few_unpaid(request: Request, user_id: int, intake: Intake) -> None:
    """Pictures of one who has not paid yet. Raises TooOften."""
    if number := len(intake.keys) + len(intake.files):
        request.app.limits.require(Deed.UNPAID_PICTURE, user_id, request.now, number)


def top_up_and_publish(
    request: Request, user_id: int, draft: Draft, intake: Intake, request_id: str, form: str
) -> Response:
    """The invoice for a form that could be published now, as `draft` was read from it. What is published is what stands
    in it, whatever is typed meanwhile; `form` marks it.
    """
    amount = typed_whole(request.form.get("top_up", "")[:20])
    if amount is None:
        raise Invalid("top_up", "whole")
    order, link = ask_for(request, user_id, amount, PublishAct(request_id))
    publication = publication_of(with_alts(request.form), draft, intake.kept, form)
    request.app.draft_publishing.await_money(order.id, publication, request.now)
    keep_anyway(request, user_id, intake, request_id)
    return show_invoice(request, order, link, "/new_auction")
