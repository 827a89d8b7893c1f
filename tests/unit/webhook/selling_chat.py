"""A seller who fills in a lot in the chat: photos and files as Telegram sends them, and the usual way to a preview."""

from __future__ import annotations

from itertools import count
from typing import Any

from starbid.domain.lots import Lot
from starbid.services.ports import SellDraft
from tests.support.fakes import FakeApp
from tests.support.web import png

from .chatting import Chat

_numbers = count(1)


def file(chat: Chat, data: bytes | None = None) -> str:
    """A file that somebody has sent, each time another picture; answers its id."""
    number = next(_numbers)
    chat.telegram.files[f"sold{number}"] = png((20 + number % 500, 30)) if data is None else data
    return f"sold{number}"


def photo(chat: Chat, data: bytes | None = None, /, **how: Any) -> int:
    """Send a photo, or that of `file_id`; `number` is the message's."""
    file_id = how.pop("file_id", None) or file(chat, data)
    size = {"file_id": file_id, "file_unique_id": file_id, "width": 90, "height": 67}
    update_id, number = how.pop("update_id", None), how.pop("number", next(_numbers))
    return chat.update({"message": chat._message(photo=[size], **how) | {"message_id": number}}, update_id)


def album(chat: Chat, photos: int, name: str = "", **first: Any) -> None:
    """So many photos as one album; `first` are facts of its first message, such as a caption."""
    name = name or f"album{next(_numbers)}"
    for at in range(photos):
        photo(chat, media_group_id=name, **(first if at == 0 else {}))


def document(chat: Chat, data: bytes, mime: str, **more: Any) -> None:
    file_id = file(chat, data)
    sent = {"file_id": file_id, "file_unique_id": file_id, "file_name": "x", "mime_type": mime, "file_size": len(data)}
    chat.update({"message": chat._message(document=sent, **more)})


def to_preview(chat: Chat, title: str = "A lamp", photos: int = 0) -> None:
    """From /sell to the preview of an ordinary auction, with the price and the length of buttons."""
    chat.say("/sell")
    if photos:
        album(chat, photos)
    chat.press(chat_data(chat, "sl:k:"))
    chat.say(title)
    chat.say("It shines.")
    chat.press(chat_data(chat, ":ca:home"))
    chat.press(chat_data(chat, ":go:digital"))
    chat.press(chat_data(chat, ":ki:english"))
    chat.press(chat_data(chat, ":sp:100"))
    chat.press(chat_data(chat, ":du:86400"))


def chat_data(chat: Chat, part: str) -> str:
    """What the button of the last message carries that has this in it."""
    found = [data for data in chat.buttons().values() if part in data]
    assert found, (part, chat.words, chat.buttons())
    return found[0]


def draft(app: FakeApp, chat: Chat) -> SellDraft:
    """The only one."""
    (kept,) = app.sell_drafts.all(chat.id, app.now())
    return kept


def lots(app: FakeApp) -> list[Lot]:
    return [app.store.lot(lot_id) for lot_id in app.store.tables.auctions]


def said(chat: Chat, words: str) -> int:
    """How many messages say so."""
    return sum(words in str(message.get("text") or message.get("caption")) for message in chat.messages)
