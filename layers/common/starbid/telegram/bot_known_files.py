"""The calls of the Bot API that send on what Telegram has already: by its id, so that nothing is moved."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from telegram import Bot, InputMediaAudio, InputMediaDocument, InputMediaPhoto, InputMediaVideo

from starbid.domain.delivered_files import DeliveredFile, FileKind

T = TypeVar("T")
_IN_ALBUMS: dict[FileKind, type[InputMediaPhoto | InputMediaVideo | InputMediaAudio | InputMediaDocument]] = {
    FileKind.PHOTO: InputMediaPhoto,
    FileKind.VIDEO: InputMediaVideo,
    FileKind.AUDIO: InputMediaAudio,
    FileKind.DOCUMENT: InputMediaDocument,
}


class KnownFileCalls:
    """A part of BotApi."""

    _bot: Bot

    def send_known(self, chat_id: int, files: Sequence[DeliveredFile]) -> None:
        """1 to 10 files that may stand in one album (`together` of domain.delivered_files), each under the name that it
        came with.
        """
        if len(files) == 1:
            self._run(self._one(chat_id, files[0]))
            return
        media = [_IN_ALBUMS[file.kind](file.file_id) for file in files]
        self._run(self._bot.send_media_group(chat_id, media))

    def _one(self, chat_id: int, file: DeliveredFile) -> Coroutine[Any, Any, object]:
        match file.kind:
            case FileKind.PHOTO:
                return self._bot.send_photo(chat_id, file.file_id)
            case FileKind.VIDEO:
                return self._bot.send_video(chat_id, file.file_id)
            case FileKind.ANIMATION:
                return self._bot.send_animation(chat_id, file.file_id)
            case FileKind.AUDIO:
                return self._bot.send_audio(chat_id, file.file_id)
            case FileKind.DOCUMENT:
                return self._bot.send_document(chat_id, file.file_id)

    def _run(self, call: Coroutine[Any, Any, T]) -> T | None:
        """The result of a call, with errors of our own."""
        raise NotImplementedError
