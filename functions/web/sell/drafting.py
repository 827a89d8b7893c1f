"""What a person has typed into the form of a lot, kept for them: as they type, and whatever became of publishing it."""

from __future__ import annotations

import secrets

from starbid.domain.errors import FormReused
from starbid.domain.limits import Deed
from starbid.domain.lots import AMOUNTS, MAX_PICTURES
from starbid.services.ports import SellDraft
from web.kernel.http import Request, Response, redirect
from web.kernel.routing import Router
from web.sell.form_view import typed_fields
from web.sell.intake import Intake
from web.shared.context import with_note

router = Router()
_TELLING = ("title", "description", *AMOUNTS)
"""The fields that are empty in a form that nobody has typed into."""


@router.post("/new_auction/draft")
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


def draft_of(request: Request, person_id: int) -> SellDraft | None:
    """What is kept for the person, unless it was put up: a save may overtake the publication."""
    draft = request.app.sell_drafts.find(person_id, request.now)
    if draft is None or not _is_published(request, person_id, draft.request_id):
        return draft
    request.app.sell_drafts.drop(person_id)
    return None


def _is_published(request: Request, person_id: int, request_id: str) -> bool:
    """With whatever words."""
    try:
        return request.app.publishing.published(person_id, request_id, "") is not None
    except FormReused:
        return True


def keep_draft(request: Request, person_id: int, intake: Intake, request_id: str) -> None:
    """One a person, the newest; a form that nobody has typed into is none."""
    fields = typed_fields(request.typed)
    pictures = intake.kept[:MAX_PICTURES]
    uploads = intake.keys[: MAX_PICTURES - len(pictures)]
    if pictures or uploads or any(fields[name].strip() for name in _TELLING):
        draft = SellDraft(request_id, fields, pictures, uploads, request.now)
        request.app.sell_drafts.keep(person_id, draft, request.now)


def drop_draft(request: Request, person_id: int, request_id: str) -> None:
    """It was put up; another draft of the person's stays."""
    draft = request.app.sell_drafts.find(person_id, request.now)
    if draft and draft.request_id == request_id:
        request.app.sell_drafts.drop(person_id)
