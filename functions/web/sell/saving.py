"""The draft of a lot, kept and discarded at the person's own press, or by the script while they type."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from starbid.domain.errors import DraftsFull
from starbid.domain.limits import Deed
from web.kernel.http import Request, Response, redirect, text
from web.kernel.routing import Router
from web.sell.drafting import draft_of, drop_draft, keep_draft
from web.sell.form import publishing_again
from web.sell.intake import Intake
from web.shared.context import page_words, with_note
from web.shared.refusals import message_of, status_of

router = Router()


@router.post("/new_auction/draft", again=publishing_again)
def save(request: Request) -> Response:
    """The button that saves, and the script that does it while one types, which asks for no page (`quiet`). A file that
    was not looked at yet is no part of a draft. `typed_at`, ISO 8601: the browser could not send it then.
    """
    user_id, request_id = request.visitor.require_user(), request.form.get("request_id", "")[:64]
    request.app.limits.require(Deed.DRAFT, user_id, request.now)
    intake = Intake(request.app, request.form, user_id, request.now)
    try:
        typed_at = _moment(request.form.get("typed_at", ""))
        keep_draft(request, user_id, intake, request_id or secrets.token_hex(16), typed_at)
    except DraftsFull as error:
        if request.form.get("quiet"):
            return text(message_of(error, page_words(request)), status_of(error))
        return publishing_again(request, error)
    if request.form.get("quiet"):
        return Response("", 204)
    return with_note(redirect("/new_auction"), "draft-saved")


def _moment(text: str) -> datetime | None:
    """None for what a browser does not send."""
    try:
        read = datetime.fromisoformat(text)
        return read.astimezone(UTC) if read.tzinfo else None
    except (ValueError, OverflowError):
        return None


@router.post("/new_auction/draft/discard")
def discard(request: Request) -> Response:
    """`draft`: this one and no other, instead of the newest."""
    user_id, wanted = request.visitor.require_user(), request.form.get("draft", "")[:64]
    if wanted:
        drop_draft(request, user_id, wanted)
    elif draft := draft_of(request, user_id):
        drop_draft(request, user_id, draft.id)
    return with_note(redirect("/new_auction"), "draft-discarded")
