"""A lot that waited for its money, published on the way back to the site: done, or the draft again with the reason."""

from __future__ import annotations

from starbid.domain.errors import InDebt, InsufficientFunds, Invalid, InvalidFields, StarbidError
from starbid.domain.unfinished import PublishAct
from starbid.services.ports import Contended
from starbid.top_up_words import money_stays
from web.kernel.exceptions import NoSuchPage
from web.kernel.http import Request, Response, redirect
from web.kernel.routing import Router
from web.sell.drafting import draft_of, drop_draft
from web.sell.form import show_form
from web.sell.form_view import fault_words
from web.shared.context import page_words, with_note
from web.shared.refusals import as_refusal, message_of, status_of, with_patience

router = Router()


@router.post("/new_auction/finish")
def finish(request: Request) -> Response:
    """`order`: the one whose money the publication waited for. Done once, be it here or by the bot."""
    user_id, order_id = request.visitor.require_user(), request.form.get("order", "")[:32]
    order = request.app.paying.order_of(order_id, user_id)
    act = order.unfinished.act if order and order.unfinished else None
    if not isinstance(act, PublishAct):
        raise NoSuchPage
    try:
        finished = request.app.finishing.finish(order_id, user_id, request.now)
    except (StarbidError, Contended) as error:
        return _not_published(request, user_id, as_refusal(error), act)
    assert finished is not None
    drop_draft(request, user_id, act.request_id)
    return with_note(redirect(f"/auction/{finished.lot}"), "published")


def _not_published(request: Request, user_id: int, told: StarbidError, act: PublishAct) -> Response:
    draft, words = draft_of(request, user_id), page_words(request)
    values = dict(draft.fields) if draft else {}
    faults: dict[str, str] = {}
    if isinstance(told, Invalid | InvalidFields):
        faults = fault_words(told, values.get("currency", ""), words)
    reason = "" if faults or isinstance(told, InsufficientFunds) else message_of(told, words)
    page = show_form(
        request, values, status_of(told), faults=faults,
        pictures=draft.pictures if draft else (), uploads=draft.uploads if draft else (),
        request_id=draft.request_id if draft else act.request_id,
        refusal=f"{reason} {money_stays(act, words)}".strip(),
        owed=told.owed if isinstance(told, InDebt) else None,
    )  # fmt: skip
    return with_patience(page, told)
