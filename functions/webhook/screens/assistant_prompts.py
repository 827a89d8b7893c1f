"""What the AI helper asks for, and how the words are read out of what a person sends."""

from __future__ import annotations

from starbid.domain.assistant.question import LONGEST_QUESTION, Task, read_question
from starbid.domain.disputes import require_answer
from starbid.domain.errors import Invalid
from starbid.field_words import field_fault
from starbid.i18n import Language
from starbid.telegram.html import escape, title
from starbid.telegram.updates import Said
from webhook import albums, asking
from webhook.conversation import Conversation
from webhook.screens.about_lot import deal_of, view_of


def prompt(chat: Conversation, task: Task, lot: str) -> str:
    """In Telegram's HTML. Raises NotFound, NotYours, WrongDealState."""
    _ = chat.words._
    match task:
        case Task.QUESTION:
            return _("What do you want to know? What you write goes to the AI helper until you press “That is all”.")
        case Task.LOT:
            return _(
                "What do you want to know about “{title}”? The AI helper answers from the text of the lot, and from "
                "nothing else.",
                title=title(view_of(chat, lot).lot.card.title, chat.words),
            )
        case Task.LISTING:
            return _(
                "Describe in a few words what you sell: what it is, its condition, what is special. Text, or a photo "
                "with the words below it; the photo itself does not go to the AI service, you add it in the form.\n"
                "You get a draft to change; nothing is published."
            )
        case Task.REPLY if lot:
            return _(
                "Say in a few words what you want to answer in the dispute about “{title}”. You get a draft to copy "
                "and change; nothing is sent.",
                title=require_dispute(chat, lot),
            )
        case _:
            return _(
                "Say in a few words what you want to write to support. You get a draft to copy and change; nothing is "
                "sent."
            )


def require_dispute(chat: Conversation, lot: str) -> str:
    """The title of a lot whose seller may answer a dispute. Raises NotFound, NotYours, WrongDealState."""
    view = view_of(chat, lot)
    require_answer(deal_of(view), chat.person.id)
    return title(view.lot.card.title, chat.words)


def said_to(chat: Conversation, task: Task, said: Said) -> str:
    """The words of a message. Raises AskAgain for what is none, MoreToCome for a further photo of an album."""
    if said.is_text:
        return read(said.text, chat.words)
    if task is not Task.LISTING:
        raise asking.AskAgain(
            chat.words._("Only text works here: the AI helper sees no photos, files or stickers, and hears no voice.")
        )
    is_first = albums.is_first(chat, "listing", said.album)
    if said.text.strip():
        return read(said.text, chat.words)
    if not is_first:
        raise asking.MoreToCome
    raise asking.AskAgain(
        chat.words._("The AI helper does not see photos. Describe it in words: below the photo, or as a message.")
    )


def read(text: str, words: Language) -> str:
    """Raises AskAgain for what is no question."""
    try:
        return read_question(text)
    except Invalid as fault:
        over = len(text.replace("\r\n", "\n").strip()) - LONGEST_QUESTION
        if fault.reason != "length" or over <= 0:
            raise asking.AskAgain(escape(field_fault(fault, words))) from fault
        raise asking.AskAgain(
            words.ngettext(
                "That is {n} character too many: a question has {most} at most. Shorten it and send it again.",
                "That is {n} characters too many: a question has {most} at most. Shorten it and send it again.",
                over,
                most=words.number(LONGEST_QUESTION),
            )
        ) from fault
