"""What a person has typed into the form of a lot, kept for them: as they type, and whatever became of publishing it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from starbid.domain.errors import DraftGone, DraftsFull
from starbid.domain.lot_form import typed_fields
from starbid.domain.lots import MAX_PICTURES
from starbid.services.ports import SellDraft, draft_id
from web.kernel.http import Request
from web.sell.alt_texts import with_alts
from web.sell.intake import Intake

NEW = "new"
"""In an address: no draft, whatever is kept."""


def draft_of(request: Request, person_id: int, wanted: str = "") -> SellDraft | None:
    """What is kept for the person, unless it was put up: the newest, or the one that is wanted."""
    if wanted == NEW:
        return None
    drafts = request.app.drafts
    try:
        draft = drafts.opened(person_id, wanted[:64], request.now) if wanted else drafts.newest(person_id, request.now)
    except DraftGone:
        draft = drafts.newest(person_id, request.now)
    return draft if draft and not draft.lot else None


def confirmed_draft(request: Request, person_id: int, request_id: str) -> SellDraft | None:
    """The one of a form that was confirmed, unless it was put up."""
    with suppress(DraftGone):
        return request.app.drafts.opened(person_id, draft_id(request_id), request.now)
    return None


def keep_draft(
    request: Request, person_id: int, intake: Intake, request_id: str, typed_at: datetime | None = None
) -> None:
    """By its request; a form that nobody has typed into is none. `typed_at`: it comes late. Raises DraftsFull."""
    pictures = intake.kept[:MAX_PICTURES]
    uploads = intake.keys[: MAX_PICTURES - len(pictures)]
    draft = SellDraft(request_id, typed_fields(with_alts(request.typed, intake.names)), pictures, uploads, request.now)
    request.app.drafts.keep(person_id, draft, request.now, typed_at)


def keep_anyway(request: Request, person_id: int, intake: Intake, request_id: str) -> bool:
    """False where there is no room for another draft: the page has what was typed."""
    try:
        keep_draft(request, person_id, intake, request_id)
    except DraftsFull:
        return False
    return True


def drop_draft(request: Request, person_id: int, request_id: str) -> None:
    """It was put up, or is not wanted any more; another draft of the person's stays."""
    request.app.drafts.drop(person_id, draft_id(request_id))
