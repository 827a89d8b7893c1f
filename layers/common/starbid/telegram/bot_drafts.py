"""The calls of the Bot API that show a message while it is written."""

from __future__ import annotations

import zlib
from collections.abc import Coroutine
from typing import Any, TypeVar

from telegram import Bot

T = TypeVar("T")
HTML = "HTML"
_MOST = 2**31 - 1


def draft_of(question_id: str) -> int:
    """The draft that the answer to a question grows in: Telegram tells by it which one a person stops."""
    return zlib.crc32(question_id.encode()) & _MOST or 1


class DraftCalls:
    """A part of BotApi."""

    _bot: Bot

    def send_draft(self, chat_id: int, draft_id: int, text: str) -> None:
        """A text in Telegram's HTML that stands in a private chat for 30 seconds, with a button that stops it; "" shows
        that something is being thought about. Drafts of one `draft_id` (not 0) grow into each other.
        """
        # Fields of Bot API 10.3, which the library does not know.
        stoppable = {"can_stop": True, "keep_on_stop": True}
        self._run(self._bot.send_message_draft(chat_id, draft_id, text, parse_mode=HTML, api_kwargs=stoppable))

    def _run(self, call: Coroutine[Any, Any, T]) -> T | None:
        """The result of a call, with errors of our own."""
        raise NotImplementedError
