"""The draft of a lot, kept and discarded at the person's own press, or by the script while they type."""

from __future__ import annotations

import secrets

from starbid.domain.limits import Deed
from web.kernel.http import Request, Response, redirect
from web.kernel.routing import Router
from web.sell.drafting import keep_draft
from web.sell.form import publishing_again
from web.sell.intake import Intake
from web.shared.context import with_note

router = Router()


@router.post("/new_auction/draft", again=publishing_again)
def save(request: Request) -> Response:
    """The button that saves, and the script that does it while one types, which asks for no page (`quiet`). A file that
    was not looked at yet is no part of a draft.
    """
    user_id, request_id = request.visitor.require_user(), request.form.get("request_id", "")[:64]
    request.app.limits.require(Deed.DRAFT, user_id, request.now)
    intake = Intake(request.app, request.form, user_id, request.now)
    keep_draft(request, user_id, intake, request_id or secrets.token_hex(16))
    if request.form.get("quiet"):
        return Response("", 204)
    return with_note(redirect("/new_auction"), "draft-saved")


@router.post("/new_auction/draft/discard")
def discard(request: Request) -> Response:
    request.app.sell_drafts.drop(request.visitor.require_user())
    return with_note(redirect("/new_auction"), "draft-discarded")
