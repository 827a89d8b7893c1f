"""A lot that waited for its money, published on the way back to the site: done, or the draft again with the reason."""

from __future__ import annotations

import secrets

from starbid.domain.errors import FormReused, InDebt, InsufficientFunds, Invalid, InvalidFields, Spent, StarbidError
from starbid.domain.unfinished import PublishAct
from starbid.services.ports import Contended
from starbid.top_up_words import money_stays
from web.kernel.exceptions import NoSuchPage
from web.kernel.http import Request, Response, redirect
from web.kernel.routing import Router
from web.sell.drafting import confirmed_draft
from web.sell.form_page import show_form
from web.sell.form_view import Published, fault_words, values_again
from web.shared.context import page_words, with_note
from web.shared.refusals import as_refusal, message_of, status_of, with_patience

router = Router()


@router.post("/new_auction/finish")
def finish(request: Request) -> Response:
    """`order`: the one whose money the publication waited for. Done once, be it here or by the bot."""
    user_id, order_id = request.visitor.require_user(), request.form.get("order", "")[:32]
    act = request.app.paying.act_of(order_id, user_id)
    if not isinstance(act, PublishAct):
        raise NoSuchPage
    try:
        finished = request.app.finishing.finish(order_id, user_id, request.now)
    except (StarbidError, Contended) as error:
        return _not_published(request, user_id, as_refusal(error), order_id, act)
    assert finished is not None
    confirmed_draft(request, user_id, act.request_id)  # which is dropped by looking
    assert finished.lot is not None
    back = redirect(f"/auction/{finished.lot}")
    is_open = request.app.store.auction(finished.lot, consistent=True).status(request.now).is_open
    return with_note(back, "published") if is_open else back


def _not_published(request: Request, user_id: int, told: StarbidError, order_id: str, act: PublishAct) -> Response:
    """The form that was confirmed, unless its draft was typed on."""
    if request.wants_json:
        raise told
    words, request_id = page_words(request), act.request_id
    if isinstance(told, FormReused | Spent):
        request_id = secrets.token_hex(16)
    draft = confirmed_draft(request, user_id, act.request_id)
    kept = request.app.publications.find(order_id, request.now)
    if draft:
        values, pictures, uploads = dict(draft.fields), draft.pictures, draft.uploads
    else:
        values, pictures, uploads = values_again(kept.fields, words) if kept else {}, kept.pictures if kept else (), ()
    faults: dict[str, str] = {}
    if isinstance(told, Invalid | InvalidFields):
        faults = fault_words(told, values.get("currency", ""), words)
    is_told = faults or isinstance(told, InsufficientFunds | FormReused)  # elsewhere on the page
    reason = "" if is_told else message_of(told, words)
    page = show_form(
        request, values, status_of(told), faults=faults, pictures=pictures, uploads=uploads, request_id=request_id,
        refusal=f"{reason} {money_stays(act, told, words)}".strip(),
        owed=told.owed if isinstance(told, InDebt) else None,
        published=Published(told.auction_id, told.title) if isinstance(told, FormReused) else None,
    )  # fmt: skip
    return with_patience(page, told)
