"""The calls of the Bot API that only groups need."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar

from telegram import Bot

from starbid.services.ports import Rejected
from starbid.telegram.html import MAX_TOPIC, cut
from starbid.telegram.transport import PooledRequest

T = TypeVar("T")
_NO_TOPICS = ("not a forum", "not enough rights", "chat_admin_required", "method is available only for supergroup")


class GroupCalls:
    """A part of BotApi."""

    _bot: Bot
    _request: PooledRequest

    def open_topic(self, chat_id: int, name: str) -> int | None:
        """A topic of a forum: its thread. None where the chat is no forum, or the bot may not manage its topics."""
        try:
            self._run(self._bot.create_forum_topic(chat_id, cut(name, MAX_TOPIC)))
        except Rejected as refusal:
            if any(reason in str(refusal).lower() for reason in _NO_TOPICS):
                return None
            raise
        answer = self._request.answer()
        thread = answer.get("message_thread_id") if isinstance(answer, dict) else None
        return thread if isinstance(thread, int) else None

    def react(self, chat_id: int, message_id: int, emoji: str) -> None:
        """A sign under somebody's message."""
        self._run(self._bot.set_message_reaction(chat_id, message_id, emoji))

    def _run(self, call: Coroutine[Any, Any, T]) -> T | None:
        """The result of a call, with errors of our own."""
        raise NotImplementedError
