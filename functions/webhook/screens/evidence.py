"""Photos of a dispute: how they come out of a chat, and how they are shown in one.

An album comes as several messages, at once or one after the other, of which one has the words. So each photo is put
aside first, and shown with the words as soon as these are there, whichever message brings them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starbid.domain import evidence
from starbid.domain.deals import Deal
from starbid.domain.errors import Conflict, Invalid
from starbid.domain.evidence import MAX_EVIDENCE
from starbid.i18n import Language
from starbid.imaging.headers import FIELD, MAX_BYTES
from starbid.services.ports import Contended, Rejected, TryLater
from starbid.telegram.bot_api import AnswerLost
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button, Row
from starbid.telegram.updates import Said
from starbid.wording import refusal
from webhook import albums, asking, callback_data
from webhook.conversation import Conversation, patiently
from webhook.log import log
from webhook.questions import Asked, DealQuestion, Question
from webhook.registry import screens
from webhook.screens.about_lot import open_button, view_of


class TakesPhotos(Question):
    """A question whose answer may have photos; those of an album are answers to the same one."""

    def only_text(self, words: Language) -> str:
        return words._("Only text and photos work here. Send them, or /cancel.")


@dataclass(frozen=True)
class AskWords(DealQuestion, TakesPhotos):
    """What a side of a dispute says, in words and photos."""


@dataclass(frozen=True)
class AskPhotos(TakesPhotos):
    """More photos of a side that has said something."""

    name = "photos"
    lot: str

    @property
    def again(self) -> str:
        return f"ev:add:{self.lot}"


@screens.press("ev")
def press(chat: Conversation, args: list[str]) -> None:
    """`add:<lot>`: more photos to what was said."""
    verb, auction_id = callback_data.parts(args, 2)
    if verb != "add":
        raise callback_data.Garbled
    deal = chat.app.dealing.deal(callback_data.lot_id(auction_id))
    evidence.require_more(deal, chat.person.id)
    room = evidence.room(deal, chat.person.id)
    if not room:
        raise Invalid(FIELD, "too_many", most=MAX_EVIDENCE)
    text = chat.words.ngettext(
        "Send up to {n} photo. To cancel: /cancel", "Send up to {n} photos. To cancel: /cancel", room
    )
    asking.ask(chat, AskPhotos(auction_id), text)


@screens.answer(AskPhotos, takes_anything=True)
def answer_photos(chat: Conversation, question: AskPhotos, said: Said) -> None:
    if not put_aside(chat, question.lot, said):
        raise asking.AskAgain(chat.words._("Send a photo: PNG, JPEG or WebP, up to 5 MB. To cancel: /cancel"))
    attach(chat, question.lot)
    chat.acted = True
    view = view_of(chat, question.lot)
    text = chat.words._("Added. The operator and the other side can see your photos.")
    chat.say(text, more_row(chat, view.deal), (open_button(chat, view),))


def require_words(chat: Conversation, question: AskWords, said: Said, ask_for: str) -> None:
    """Take the photo of an answer, and see that it has words. Raises AskAgain, with `ask_for` where there is a photo
    without words; MoreToCome for another one of the same album, or one whose words came in the meantime.
    """
    has_photo = put_aside(chat, question.lot, said)
    if has_photo and not said.text.strip():
        if attach(chat, question.lot):
            raise asking.MoreToCome
        if not albums.is_first(chat, "dispute-asked", said.album):
            raise asking.MoreToCome
        raise asking.AskAgain(ask_for)
    if not has_photo and not (said.is_text and said.text.strip()):
        raise asking.AskAgain(question.only_text(chat.words))


def put_aside(chat: Conversation, auction_id: str, said: Said) -> bool:
    """Keep the photo of a message; False where it has none. Raises AskAgain, Invalid and what `require_showing` does;
    MoreToCome where an album has too many and that was said.
    """
    file_id = file_of(chat, said)
    if file_id is None:
        return False
    app, person_id = chat.app, chat.person.id
    app.evidence.require_showing(person_id, auction_id, chat.now)
    if said.album:
        app.albums.begin(person_id, said.album, auction_id, chat.now)
    if not said.album or said.text:  # of an album, with the message that is answered
        chat.slowly()
    data = downloaded(chat, file_id)
    try:
        app.evidence.put_aside(person_id, auction_id, data, said.message_id, chat.now)
    except Invalid as fault:
        if fault.reason == "too_many" and not albums.is_first(chat, "dispute-full", said.album):
            raise asking.MoreToCome from fault
        raise
    return True


def attach(chat: Conversation, auction_id: str) -> Deal | None:
    """Show what was put aside with words that were said; None where they were not."""
    with comes_again():
        return chat.app.evidence.attach_aside(chat.person.id, auction_id, chat.now)


@contextmanager
def comes_again() -> Iterator[None]:
    """The messages of an album meet on the same deal. Who loses each time does not tell the person to try again: the
    update comes again, and does what is left of it. Raises Contended.
    """
    try:
        yield
    except Conflict as busy:
        raise Contended from busy


def belongs_to_album(chat: Conversation, said: Said, asked: Asked | None) -> bool:
    """Take a further photo of an album whose question is answered already, by another message of it. False where it is
    to be handled like any message.
    """
    auction_id = chat.app.albums.lot_of(chat.person.id, said.album or "", chat.now)
    if auction_id is None:
        return False
    question = screens.question(asked) if asked and asked.is_open(chat.now) else None
    if isinstance(question, AskWords | AskPhotos) and question.lot == auction_id:
        return False
    try:
        put_aside(chat, auction_id, said)
        attach(chat, auction_id)
    except asking.MoreToCome:
        return True
    except asking.AskAgain as fault:
        chat.say(fault.text)
    except Invalid as fault:
        chat.say(escape(refusal(fault, chat.words)))
    else:
        if said.text.strip():
            chat.say(chat.words._("The photo is added. The words under it are not: the dispute has its words."))
    return True


def show(chat: Conversation, deal: Deal, *, of_buyer: bool) -> None:
    """The photos of one side, under whose they are; nothing where there are none. A trouble keeps nobody from the words
    that follow.
    """
    shown = evidence.shown(deal, chat.now)
    names = shown.by_buyer if of_buyer else shown.by_seller
    if names:
        chat.slowly("upload_photo")
    photos = chat.app.evidence.of(deal.auction_id, names)
    if not photos:
        return
    head = chat.words._("The buyer's photos") if of_buyer else chat.words._("The seller's photos")
    try:
        patiently(lambda: chat.app.bot.send_photos(chat.chat_id, photos, f"<b>{head}</b>"))
    except (TryLater, Rejected) as error:
        log().warning("photos of a dispute were not sent: %r", error)
        chat.say(chat.words._("The photos could not be sent just now. Press the button again to see them."), back=False)


def more_row(chat: Conversation, deal: Deal | None) -> Row:
    """The button that asks for more photos, where there is room for them."""
    if deal is None or not deal.is_disputed or not evidence.room(deal, chat.person.id):
        return ()
    return (Button(chat.words._("Add photos"), f"ev:add:{deal.auction_id}"),)


def file_of(chat: Conversation, said: Said) -> str | None:
    """Telegram's id of the photo, or of a file that says it is a picture."""
    if said.photo:
        size, file_id = said.photo.size, said.photo.file_id
    elif said.document:
        size, file_id = said.document.size, said.document.file_id
        if not (said.document.type or "").startswith("image/"):
            text = chat.words._("As a file only a photo works here: PNG, JPEG or WebP, up to 5 MB. To cancel: /cancel")
            raise asking.AskAgain(text)
    else:
        return None
    if size is not None and size > MAX_BYTES:
        raise Invalid(FIELD, "picture_size")
    return file_id


def downloaded(chat: Conversation, file_id: str) -> bytes:
    """Nothing is done by it, so a trouble brings the update again."""
    try:
        data = patiently(lambda: chat.app.bot.download(file_id, MAX_BYTES))
    except AnswerLost as lost:
        raise TryLater(lost.seconds) from lost
    except Rejected as refused:
        log().info("Telegram does not give a photo out: %s", refused)
        raise asking.AskAgain(chat.words._("Telegram does not give us this photo. Send it once more.")) from refused
    if data is None:
        raise Invalid(FIELD, "picture_size")
    return data
