"""Somebody types the bot's name in a chat, and what it offers."""

from __future__ import annotations

from typing import Any

from .chatting import Chat, FakeTelegram


def ask(chat: Chat, text: str = "", place: str = "", query_id: str = "i1", update_id: int | None = None) -> int:
    query = {"id": query_id, "from": chat.user, "query": text, "offset": place, "chat_type": "private"}
    return chat.update({"inline_query": query}, update_id)


def answers(telegram: FakeTelegram) -> list[dict[str, Any]]:
    return telegram.called("answerInlineQuery")


def last(telegram: FakeTelegram) -> dict[str, Any]:
    return answers(telegram)[-1]


def ids(telegram: FakeTelegram) -> list[str]:
    return [result["id"] for result in last(telegram)["results"]]


def words(result: dict[str, Any]) -> str:
    """What stands in the chat if this is chosen."""
    content = result.get("input_message_content", {})
    return str(result.get("caption") or content.get("message_text"))


def choose(chat: Chat, result: dict[str, Any]) -> int:
    """In the chat with the bot itself, which hears of it."""
    bot = {"id": 1, "is_bot": True, "first_name": "Starbid", "username": "starbid_bot"}
    content = {"text": "A lamp", "via_bot": bot, "reply_markup": result["reply_markup"]}
    return chat.update({"message": chat._message(**content)})
