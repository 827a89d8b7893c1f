"""What a person has typed into the form of a lot, kept for them: as they type, and whatever became of publishing it."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta

from starbid.domain.errors import FormReused, InvalidFields
from starbid.domain.lot_form import draft_fields, typed_fields
from starbid.domain.lots import AMOUNTS, FIRST_VERSION, MAX_PICTURES, Lot, read_draft
from starbid.services.ports import SellDraft
from web.kernel.http import Request
from web.sell.intake import Intake

OVERTAKEN = timedelta(seconds=10)
"""So long a save may be on its way when its form is put up."""
_TELLING = ("title", "description", *AMOUNTS)
"""The fields that are empty in a form that nobody has typed into."""


def draft_of(request: Request, person_id: int) -> SellDraft | None:
    """What is kept for the person, unless it was put up. What was typed on after it had been confirmed is another lot,
    and its form another one.
    """
    draft = request.app.sell_drafts.find(person_id, request.now)
    lot = _published(request, person_id, draft.request_id) if draft else None
    if draft is None or lot is None:
        return draft
    if _is_put_up(draft, lot, request):
        request.app.sell_drafts.drop(person_id)
        return None
    another = replace(draft, request_id=secrets.token_hex(16))
    request.app.sell_drafts.keep(person_id, another, request.now)
    return another


def _published(request: Request, person_id: int, request_id: str) -> Lot | None:
    """With whatever words."""
    try:
        return request.app.publishing.published(person_id, request_id, "")
    except FormReused as told:
        return request.app.store.lot(told.auction_id, consistent=True)


def _is_put_up(draft: SellDraft, lot: Lot, request: Request) -> bool:
    """Whether the lot is what the draft says, or a later word of it that the draft's save was overtaken by. Of a lot
    that was edited since nobody can tell.
    """
    card = lot.card
    if lot.auction.card_version != FIRST_VERSION or card.created_at <= draft.saved_at < card.created_at + OVERTAKEN:
        return True
    try:
        said = read_draft(draft_fields(draft.fields) | {"starts_at": ""}, request.now, 1)
    except InvalidFields:
        return False
    told = (card.title, card.description, card.category, card.goods, lot.auction.terms)
    return (said.title, said.description, said.category, said.goods, said.terms) == told


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
