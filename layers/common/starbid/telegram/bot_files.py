"""The calls of the Bot API that move files."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

from telegram import Bot, InputMediaPhoto, ReplyParameters

from starbid.services.ports import BELOW, Spot
from starbid.telegram.transport import PooledRequest

T = TypeVar("T")
_NAME = "photo.jpg"


def where(spot: Spot) -> dict[str, Any]:
    """The arguments that say where in a chat a message goes, and how. What it replies to may be gone."""
    reply = ReplyParameters(spot.reply_to, allow_sending_without_reply=True) if spot.reply_to else None
    return {
        "message_thread_id": spot.thread,
        "reply_parameters": reply,
        "disable_notification": True if spot.silent else None,
    }


class FileCalls:
    """A part of BotApi. `_files` is the address below which Telegram has the files that people send."""

    _bot: Bot
    _request: PooledRequest
    _files: str

    def send_photos(self, chat_id: int, photos: Sequence[bytes], caption: str, spot: Spot = BELOW) -> None:
        """1 to 10 pictures as one album, with a caption in Telegram's HTML under the first."""
        to = where(spot)
        if len(photos) == 1:
            one = self._bot.send_photo(chat_id, photos[0], caption=caption, parse_mode="HTML", filename=_NAME, **to)
            self._run(one)
            return
        first, *rest = photos
        media = [InputMediaPhoto(first, caption=caption, parse_mode="HTML", filename=_NAME)]
        media += [InputMediaPhoto(data, filename=_NAME) for data in rest]
        self._run(self._bot.send_media_group(chat_id, media, **to))

    def send_document(self, chat_id: int, data: bytes, name: str, caption: str) -> None:
        """A file that is called `name`, with a caption in Telegram's HTML."""
        self._run(self._bot.send_document(chat_id, data, caption=caption, parse_mode="HTML", filename=name))

    def download(self, file_id: str, most: int) -> bytes | None:
        """What a person has sent; None where it has more than `most` bytes (Telegram gives out 20 MB at most)."""
        self._run(self._bot.get_file(file_id))
        answer = self._request.answer()
        path, size = (answer.get("file_path"), answer.get("file_size")) if isinstance(answer, dict) else (None, None)
        if isinstance(size, int) and size > most:
            return None
        return self._run(self._request.fetch(f"{self._files}/{quote(str(path))}", most))

    def _run(self, call: Coroutine[Any, Any, T]) -> T | None:
        """The result of a call, with errors of our own."""
        raise NotImplementedError
