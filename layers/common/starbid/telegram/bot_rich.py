"""The calls of the Bot API that show rich messages (10.1), which the library does not know."""

from __future__ import annotations

import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from telegram import Bot, InputFile
from telegram.error import InvalidToken

from starbid.services.ports import Rejected
from starbid.telegram.library_keyboard import markup_of
from starbid.telegram.rich_blocks import RichCard
from starbid.telegram.slides import slides_of
from starbid.telegram.transport import PooledRequest

T = TypeVar("T")
REST_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class SentRich:
    """A rich message that stands in a chat, and Telegram's ids of its photos; none where they are not known."""

    message_id: int | None
    photos: tuple[str, ...] = ()


class RichCalls:
    """A part of BotApi. A photo is given by its bytes or by its file id."""

    _bot: Bot
    _request: PooledRequest
    _rich_from = 0.0

    def takes_rich(self) -> bool:
        """Whether rich messages are worth a try: false for a while after `rest_rich`."""
        return time.monotonic() >= self._rich_from

    def rest_rich(self) -> None:
        """Telegram has refused one: the next ones of this process would mostly be refused too."""
        self._rich_from = time.monotonic() + REST_SECONDS

    def send_rich(self, chat_id: int, card: RichCard, photos: Sequence[bytes | str]) -> SentRich:
        """Raises Rejected also where Telegram does not know such messages."""
        fields = {"chat_id": chat_id, **_content(card, photos)}
        if card.keyboard:
            fields["reply_markup"] = markup_of(card.keyboard)
        try:
            self._run(self._bot.do_api_request("sendRichMessage", api_kwargs=fields))
        except InvalidToken as unknown:  # 404, as which the library takes an unknown method for an unknown bot
            raise Rejected(unknown.message) from unknown
        answer = self._request.answer()
        message_id = answer.get("message_id") if isinstance(answer, dict) else None
        return SentRich(message_id if isinstance(message_id, int) else None, _shown(answer, photos))

    def edit_rich(
        self, chat_id: int, message_id: int, card: RichCard, photos: Sequence[bytes | str]
    ) -> SentRich | None:
        """Other content in the same rich message; None where it is gone."""
        fields = {"text": None, **_content(card, photos)}
        edit = self._bot.edit_message_text(
            "", chat_id, message_id, reply_markup=markup_of(card.keyboard), api_kwargs=fields
        )
        if not self._edited(edit):
            return None
        return SentRich(message_id, _shown(self._request.answer(), photos))

    def _edited(self, call: Coroutine[Any, Any, Any]) -> bool:
        """Whether the message was edited, or shows the same; False where it is gone."""
        raise NotImplementedError

    def _run(self, call: Coroutine[Any, Any, T]) -> T | None:
        """The result of a call, with errors of our own."""
        raise NotImplementedError


def _shown(answer: Any, photos: Sequence[bytes | str]) -> tuple[str, ...]:
    """What is not told of the photos is known where none was uploaded: an edit that changes nothing tells nothing."""
    told = slides_of(answer) if isinstance(answer, dict) else None
    if told and len(told) == len(photos):
        return told
    known = tuple(one for one in photos if isinstance(one, str))
    return known if len(known) == len(photos) else ()


def _content(card: RichCard, photos: Sequence[bytes | str]) -> dict[str, Any]:
    """The message, and beside it the photos that come along."""
    names = [one if isinstance(one, str) else f"attach://photo{number}" for number, one in enumerate(photos)]
    files = {
        f"photo{number}": InputFile(one, filename=f"photo{number}.jpg")
        for number, one in enumerate(photos)
        if isinstance(one, bytes)
    }
    return {"rich_message": card.message(names), **files}
