"""Selling in the chat: a lot is filled in question by question, looked at, and put up. `/my` and the site have the same
drafts.

sl:new  sl:o:<draft>  sl:l:<draft>     begin one, go on with it, leave it for later
sl:f:<draft>:<field>                   ask for a field
sl:s:<draft>:<field>:<value>           a value that was pressed; a sum names its currency (`500XTR`, `50000RUB`)
sl:k:<draft>                           enough photos
sl:z:<draft>:<field>                   the time zone in which it is read;  sl:z:<draft>:<field>:<zone>  this one
sl:m:<draft>  sl:x:<draft>  sl:X:<draft>            more fields; delete, and that is sure
sl:p:<draft>:<version>  sl:q:<draft>:<version>      put it up, and subscribe for it
sl:t:<draft>:<version>:<sum>           top up by so many Stars (`100XTR`), subscribe and put it up
sl:e:<lot>  sl:a:<lot>                 edit a lot, sell another one like it
sl:i:<question>                        what the AI helper has proposed
"""

from __future__ import annotations

from collections.abc import Callable

from starbid.domain.errors import DraftGone, DraftsFull, SubscriptionRequired
from starbid.services.ports import SellDraft
from starbid.telegram import keyboards
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button, Row
from starbid.telegram.updates import Said
from starbid.wording import refusal
from starbid.zones import name_of
from webhook import asking, callback_data
from webhook.conversation import Conversation
from webhook.registry import screens
from webhook.screens import selling_photos, selling_preview, selling_publishing, selling_zone
from webhook.screens.about_lot import view_of
from webhook.screens.evidence import comes_again
from webhook.screens.open_drafts import draft_button
from webhook.screens.selling_fields import (
    FIXED,
    PHOTOS,
    AskField,
    draft_id,
    field_of,
    pending,
    takes_title,
)
from webhook.screens.selling_options import rows
from webhook.screens.selling_setting import Refused, ask_field, set_pressed, set_typed

_PROPOSED = ("title", "description", "category", "start_price")
Step = Callable[[Conversation, list[str]], None]


@screens.command("sell")
def sell(chat: Conversation, _rest: str) -> None:
    """The drafts, where there are any; else the first question of a new one."""
    drafts = chat.app.drafts.all(chat.person.id, chat.now)
    if not drafts:
        _begin(chat)
        return
    words = chat.words
    buttons: list[Row] = [(draft_button(chat, draft),) for draft in drafts]
    buttons.append((Button(words._("New lot"), "sl:new"),))
    buttons.append((keyboards.go(words._("My lots and deals"), "my"),))
    lines = [words._("<b>Sell</b>\nYou have drafts: continue one, or begin a new lot."), *_standing(chat)]
    chat.show("\n".join(lines), *buttons)


def _standing(chat: Conversation) -> list[str]:
    """What one who may not sell yet should know before all is filled in."""
    if chat.person.may_sell(chat.now):
        return []
    return [escape(refusal(SubscriptionRequired(chat.app.settings.business.subscription), chat.words))]


def _begin(chat: Conversation) -> None:
    words = chat.words
    fields = {"starts_zone": name_of(words.zone) or "UTC"}
    draft = chat.app.drafts.begin(chat.person.id, fields, chat.now)
    note = "\n".join((words._("<b>New lot</b>"), *_standing(chat)))
    ask_field(chat, draft, PHOTOS, note, *_helpers(chat))


def _helpers(chat: Conversation) -> list[Row]:
    """The subscription for one who has none, the AI helper where it is on offer, and the way elsewhere."""
    words, helpers = chat.words, list[Row]()
    if not chat.person.may_sell(chat.now):
        helpers.append((keyboards.go(words._("Subscribe"), "subscribe"),))
    if chat.app.settings.business.assistant.is_offered:
        helpers.append((Button(words._("Draft my listing"), "ai:listing"),))
    helpers.append((keyboards.menu(words),))
    return helpers


@screens.press("sl")
def press(chat: Conversation, args: list[str]) -> None:
    """See above; what a draft has become is told to buttons that come too late, and one too many shows the others."""
    step = _STEPS.get(args[0]) if args else None
    if step is None:
        raise callback_data.Garbled
    try:
        with comes_again():
            step(chat, args[1:])
    except DraftGone as gone:
        _tell_gone(chat, gone)
    except DraftsFull as full:
        chat.toast(refusal(full, chat.words), alert=True)
        sell(chat, "")


@screens.answer(AskField, takes_anything=True)
def answer(chat: Conversation, question: AskField, said: Said) -> None:
    """A field's value, or a photo, which is welcome at every step."""
    field = field_of(question.code)
    try:
        with comes_again():
            draft = chat.app.drafts.opened(chat.person.id, question.draft, chat.now)
            if selling_photos.has_photo(said):
                selling_photos.take(chat, question, draft, said)
            field = "title" if takes_title(draft, field) else field
            if field == PHOTOS or not (said.is_text and said.text.strip()):
                raise _only(chat, draft, field_of(question.code))
            go_on(chat, set_typed(chat, draft, field, said.text))
    except DraftGone as gone:
        _tell_gone(chat, gone)


def _only(chat: Conversation, draft: SellDraft, field: str) -> asking.AskAgain:
    """To a voice, a video, a sticker; to words where photos are waited for."""
    words = chat.words
    if field == PHOTOS:
        told = words._("Only photos work here: PNG, JPEG or WebP, up to 5 MB. Send them, or press the button below.")
    else:
        told = words._("Only text works here; photos are added to the lot.")
    return asking.AskAgain(told, *rows(chat, draft, field))


def go_on(chat: Conversation, draft: SellDraft) -> None:
    """The next question, or the preview."""
    field = pending(chat, draft)
    if field:
        ask_field(chat, draft, field)
    else:
        if draft.uploads:
            chat.slowly("upload_photo")
        selling_preview.show(chat, chat.app.draft_pictures.take_uploads(chat.person, draft, chat.now))


def _opened(chat: Conversation, written: str) -> SellDraft:
    """Raises Garbled, DraftGone."""
    return chat.app.drafts.opened(chat.person.id, draft_id(written), chat.now)


def _new(chat: Conversation, args: list[str]) -> None:
    callback_data.parts(args, 0)
    _begin(chat)


def _open(chat: Conversation, args: list[str]) -> None:
    (written,) = callback_data.parts(args, 1)
    go_on(chat, _opened(chat, written))


def _later(chat: Conversation, args: list[str]) -> None:
    (written,) = callback_data.parts(args, 1)
    draft = _opened(chat, written)
    asking.cancel(chat)
    chat.show(
        chat.words._("The draft is kept for 30 days, here and on the site. Continue at any time: /sell"),
        (draft_button(chat, draft),),
    )


def _ask(chat: Conversation, args: list[str]) -> None:
    written, code = callback_data.parts(args, 2)
    field, draft = field_of(code), _opened(chat, written)
    if draft.lot and field in FIXED:
        raise callback_data.Garbled
    ask_field(chat, draft, field)


def _set(chat: Conversation, args: list[str]) -> None:
    written, code, value = callback_data.parts(args, 3)
    field, draft = field_of(code), _opened(chat, written)
    try:
        draft = set_pressed(chat, draft, field, value)
    except Refused as refused:
        ask_field(chat, draft, field, refused.told, *refused.ways)
        return
    if field == PHOTOS:
        ask_field(chat, draft, PHOTOS)
    else:
        go_on(chat, draft)


def _enough(chat: Conversation, args: list[str]) -> None:
    """Of photos: on to the title, which has none yet, or to whatever is next."""
    (written,) = callback_data.parts(args, 1)
    draft = _opened(chat, written)
    field = pending(chat, draft)
    if field == PHOTOS:
        ask_field(chat, draft, "title")
    else:
        go_on(chat, draft)


def _more(chat: Conversation, args: list[str]) -> None:
    (written,) = callback_data.parts(args, 1)
    selling_preview.more(chat, _opened(chat, written))


def _delete(chat: Conversation, args: list[str]) -> None:
    (written,) = callback_data.parts(args, 1)
    draft, words = _opened(chat, written), chat.words
    chat.show(
        words._("Delete the draft with its photos? This cannot be undone."),
        (Button(words._("Yes, delete it"), f"sl:X:{draft.id}"),),
        (Button(words._("Back to the preview"), f"sl:o:{draft.id}"),),
        back=False,
    )


def _sure_delete(chat: Conversation, args: list[str]) -> None:
    (written,) = callback_data.parts(args, 1)
    chat.app.drafts.drop(chat.person.id, _opened(chat, written).id)
    chat.acted = True
    chat.conclude(chat.words._("The draft is deleted."), (keyboards.go(chat.words._("Sell"), "sell"),))


def _edit_lot(chat: Conversation, args: list[str]) -> None:
    (written,) = callback_data.parts(args, 1)
    lot_id = callback_data.lot_id(written)
    draft = chat.app.drafts.of_lot(chat.person.id, lot_id, chat.words.zone, chat.now)
    selling_preview.show(chat, draft)


def _another(chat: Conversation, args: list[str]) -> None:
    """With the pictures of the lot, which may have been taken away since."""
    (written,) = callback_data.parts(args, 1)
    lot = view_of(chat, written).lot
    draft = chat.app.drafts.like(chat.person.id, lot, chat.turn, chat.words.zone, chat.now)
    go_on(chat, chat.app.draft_pictures.borrow(chat.person.id, draft, lot.card.pictures, chat.now))


def _proposed(chat: Conversation, args: list[str]) -> None:
    """One draft for each proposal, however often the button is pressed."""
    (written,) = callback_data.parts(args, 1)
    question_id = callback_data.question_id(written)
    question, _answer = chat.app.asking.question(chat.person.id, question_id)
    if question.suggested is None:
        raise callback_data.Garbled
    fields = {name: text for name in _PROPOSED if (text := question.suggested.get(name, ""))}
    zone = {"starts_zone": name_of(chat.words.zone) or "UTC"}
    draft = chat.app.drafts.begin_as(chat.person.id, f"helper:{question_id}", fields | zone, chat.now)
    if not draft.pictures:
        ask_field(chat, draft, PHOTOS)
    else:
        go_on(chat, draft)


def _tell_gone(chat: Conversation, gone: DraftGone) -> None:
    if gone.lot:
        selling_publishing.tell(chat, gone.lot)
        return
    text = refusal(gone, chat.words)
    chat.toast(text, alert=True)
    if not chat.said:
        chat.show(escape(text), (keyboards.go(chat.words._("Sell"), "sell"),))


_STEPS: dict[str, Step] = {
    "new": _new,
    "o": _open,
    "l": _later,
    "f": _ask,
    "s": _set,
    "k": _enough,
    "z": selling_zone.press,
    "m": _more,
    "x": _delete,
    "X": _sure_delete,
    "p": selling_publishing.press,
    "q": selling_publishing.press_subscribing,
    "t": selling_publishing.press_top_up,
    "e": _edit_lot,
    "a": _another,
    "i": _proposed,
}
