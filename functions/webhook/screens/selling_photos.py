"""Photos of a draft: alone, in albums, as files. The messages of an album are several updates, handled at once or one
after the other: each adds its photo, the first one asks on, and the others bring its count up to date.
"""

from __future__ import annotations

from dataclasses import replace

from starbid.domain.errors import Invalid
from starbid.domain.lot_form import MOST_TEXT
from starbid.field_words import field_fault
from starbid.services.auctions.draft_pictures import require_room
from starbid.services.ports import SellDraft
from starbid.telegram.html import escape
from starbid.telegram.updates import Said
from webhook import albums, asking
from webhook.conversation import Conversation
from webhook.screens.evidence import downloaded, file_of
from webhook.screens.selling_fields import CODES, PHOTOS, AskField, photo_words, question
from webhook.screens.selling_options import rows

FULL_SECONDS = 60
"""So long nobody is told twice that a draft is full: thirty photos come within moments."""
_LOOKS = 3


def has_photo(said: Said) -> bool:
    """Also what is meant as one: a file at fault is told so."""
    return said.photo is not None or said.document is not None


def take(chat: Conversation, asked: AskField, draft: SellDraft, said: Said) -> None:
    """Add the photo of a message, and ask on. Always raises: AskAgain, or MoreToCome where all is said."""
    field = CODES[asked.code]
    try:
        draft = _added(chat, draft, said)
    except Invalid as fault:
        told = field_fault(fault, chat.words)
        if fault.reason == "too_many":
            told = chat.words._("Up to {most} photos: the others were left out.", **fault.facts)
            if not albums.is_first(chat, "draft-full", draft.id, FULL_SECONDS):
                raise asking.MoreToCome from fault
            draft = chat.app.drafts.opened(chat.person.id, draft.id, chat.now)
        elif not albums.is_first(chat, f"draft-{fault.reason}", said.album):
            raise asking.MoreToCome from fault
        raise asking.AskAgain(escape(told), *rows(chat, draft, field)) from fault
    except asking.AskAgain as fault:
        if not albums.is_first(chat, "draft-file", said.album):
            raise asking.MoreToCome from fault
        raise asking.AskAgain(fault.text, *rows(chat, draft, field)) from fault
    _keep_caption(chat, draft, said)
    if not albums.is_first(chat, "draft", said.album):
        _recount(chat, asked, draft)
        raise asking.MoreToCome
    _ask_on(chat, asked, draft)
    if said.album:
        _recount(chat, asked, draft, shown=len(draft.pictures))
    raise asking.MoreToCome


def _added(chat: Conversation, draft: SellDraft, said: Said) -> SellDraft:
    """Raises Invalid, and AskAgain for what is no photo."""
    require_room(draft)
    file_id = file_of(chat, said)
    if file_id is None:
        raise asking.AskAgain(chat.words._("Only photos work here: PNG, JPEG or WebP, up to 5 MB."))
    albums.fetching(chat, said.album)
    data = downloaded(chat, file_id)
    return chat.app.draft_pictures.add(chat.person, draft, data, said.message_id, chat.now)


def _ask_on(chat: Conversation, asked: AskField, draft: SellDraft) -> None:
    field = CODES[asked.code]
    text = question(chat, draft, field)
    if field != PHOTOS:
        text = f"{photo_words(draft, chat.words, field)}\n{text}"
    asking.ask(chat, asked, text, *rows(chat, draft, field))


def _recount(chat: Conversation, asked: AskField, draft: SellDraft, shown: int = 0) -> None:
    """The message that asks tells how many there are by now, whichever of the updates is handled last."""
    if CODES[asked.code] != PHOTOS:
        return
    for _ in range(_LOOKS):
        if len(draft.pictures) != shown:
            asking.reword(chat, asked, photo_words(draft, chat.words), *rows(chat, draft, PHOTOS))
            shown = len(draft.pictures)
        draft = chat.app.drafts.opened(chat.person.id, draft.id, chat.now)
        if len(draft.pictures) == shown:
            return


def _keep_caption(chat: Conversation, draft: SellDraft, said: Said) -> None:
    """The words under a photo are the description of a lot that has none."""
    words = said.text.strip()
    if not words or draft.fields.get("description", "").strip():
        return

    def step(kept: SellDraft) -> SellDraft:
        if kept.fields.get("description", "").strip():
            return kept
        return replace(kept, fields={**kept.fields, "description": words[:MOST_TEXT]})

    chat.app.drafts.change(chat.person.id, draft.id, step, chat.now)
    chat.say(chat.words._("The words under the photo are kept as the description."), back=False)
