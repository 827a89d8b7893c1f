"""The calls of the Bot API that only groups need."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar

from telegram import Bot

from starbid.services.ports import Rejected, Unreachable
from starbid.telegram.bot_inline import EXPIRED
from starbid.telegram.html import MAX_TOPIC, cut
from starbid.telegram.transport import PooledRequest

T = TypeVar("T")
_NO_TOPICS = ("not a forum", "not enough rights", "chat_admin_required", "method is available only for supergroup")


class Migrated(Unreachable):
    """The group has become a supergroup: `chat_id` is its number."""

    def __init__(self, chat_id: int) -> None:
        super().__init__(f"it is {chat_id} now")
        self.chat_id = chat_id


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

    def chat(self, chat_id: int) -> dict[str, Any] | None:
        """A chat as Telegram tells of it; None where the bot is not in it."""
        try:
            self._run(self._bot.get_chat(chat_id))
        except Unreachable:
            return None
        return self._object()

    def member(self, chat_id: int, user_id: int) -> dict[str, Any] | None:
        """What somebody may do in a chat, as a ChatMember; None for one who never was in it, or where the bot may not
        see it.
        """
        try:
            self._run(self._bot.get_chat_member(chat_id, user_id))
        except (Unreachable, Rejected):
            return None
        return self._object()

    def delete_message(self, chat_id: int, message_id: int) -> bool:
        """False where Telegram no longer removes it. True also where it is gone."""
        try:
            self._run(self._bot.delete_message(chat_id, message_id))
        except Rejected as refusal:
            return "message to delete not found" in str(refusal).lower()
        return True

    def answer_with_link(self, query_id: str, url: str) -> bool:
        """The one who pressed is led there: into the bot itself. False where the press is too old to be answered."""
        return self._unless(EXPIRED, self._bot.answer_callback_query(query_id, url=url))

    def react(self, chat_id: int, message_id: int, emoji: str) -> None:
        """A sign under somebody's message."""
        self._run(self._bot.set_message_reaction(chat_id, message_id, emoji))

    def _object(self) -> dict[str, Any]:
        """The answer itself: what the library cannot read of it is no reason to know nothing."""
        answer = self._request.answer()
        return answer if isinstance(answer, dict) else {}

    def _unless(self, reasons: tuple[str, ...], call: Coroutine[Any, Any, Any]) -> bool:
        """False where Telegram refuses for one of the reasons."""
        raise NotImplementedError

    def _run(self, call: Coroutine[Any, Any, T]) -> T | None:
        """The result of a call, with errors of our own."""
        raise NotImplementedError
