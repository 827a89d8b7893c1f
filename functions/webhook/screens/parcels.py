"""Files that a seller hands over, as they come out of a chat and are shown in one."""

from __future__ import annotations

from collections.abc import Sequence

from starbid.domain.deals import Deal
from starbid.domain.delivered_files import (
    FILES_KEPT,
    MAX_FILES,
    DeliveredFile,
    FileKind,
    Parcel,
    clean_name,
    together,
)
from starbid.services.ports import Rejected, TryLater
from starbid.telegram.file_words import file_lines
from starbid.telegram.html import MAX_TEXT, cut, escape, parsed_units
from starbid.telegram.keyboards import Button, Row
from starbid.telegram.updates import Said
from webhook.conversation import Conversation, patiently
from webhook.log import log


def file_of(said: Said) -> DeliveredFile | None:
    """What a message brings to be handed over; None where that is neither a file nor a photo, video or audio."""
    if said.media:
        kind, sent = FileKind(said.media.form), said.media.file
    elif said.photo:
        name = clean_name(None, FileKind.PHOTO)
        return DeliveredFile(said.photo.file_id, FileKind.PHOTO, name, "image/jpeg", said.photo.size)
    elif said.document:
        kind, sent = FileKind.DOCUMENT, said.document
    else:
        return None
    return DeliveredFile(sent.file_id, kind, clean_name(sent.name, kind), sent.type or "", sent.size)


def preview(chat: Conversation, parcel: Parcel, head: str, tail: str) -> str:
    """What the buyer would get, between two sentences; of long words the beginning."""
    lines = [head, *file_lines(parcel.files, chat.words)]
    if any(not file.is_copied for file in parcel.files):
        lines.append(chat.words._("What is larger than 20 MB the buyer gets in the chat only, not on the site."))
    room = MAX_TEXT - parsed_units("\n".join((*lines, "", "", tail)))
    if parcel.text:
        lines.append(f"<blockquote>{escape(cut(parcel.text, room))}</blockquote>")
    return "\n".join((*lines, "", tail))


def rows(chat: Conversation, auction_id: str, parcel: Parcel, offered_in: int) -> tuple[Row, ...]:
    """Send it, or add to it."""
    sure = Button(chat.words._("Send to the buyer"), f"df:ok:{auction_id}:{parcel.mark}:{offered_in}")
    more = Button(chat.words._("Add more"), f"df:more:{auction_id}:{offered_in}")
    return ((sure,), (more,) if len(parcel.files) < MAX_FILES else ())


def leaving(chat: Conversation, auction_id: str) -> Button:
    """Nothing is handed over, and what was put aside is forgotten."""
    return Button(chat.words._("Cancel"), f"df:no:{auction_id}")


def send(chat: Conversation, deal: Deal) -> bool:
    """The files of a deal, for one who may have them; False where there are none (any more).

    A trouble keeps nobody from the words that follow.
    """
    files = chat.app.file_delivery.fetched(deal, chat.person.id, chat.turn, chat.now)
    try:
        for album in together(files):
            patiently(lambda album=album: _send(chat, deal, album))  # type: ignore[misc]
    except (TryLater, Rejected) as error:
        log().warning("files of a deal were not sent: %r", error)
        chat.say(
            chat.words._("Not all files could be sent just now. Press the button again, or open the lot on the site."),
            back=False,
        )
    return bool(files)


def _send(chat: Conversation, deal: Deal, album: Sequence[DeliveredFile]) -> None:
    """What Telegram has by its id; what came through the site, which stands alone, by its content. Raises Rejected
    where that is not there any more.
    """
    file = album[0]
    if not file.upload:
        chat.app.bot.send_known(chat.chat_id, album)
        return
    chat.slowly("upload_document")
    data = chat.app.file_delivery.content(deal, file)
    if data is None:
        raise Rejected("the file is not kept any more")
    chat.app.bot.send_document(chat.chat_id, data, file.name, "")


def kept_words(chat: Conversation) -> str:
    return chat.words._("Files are erased {span} after the end of the deal.", span=chat.words.span(FILES_KEPT))
