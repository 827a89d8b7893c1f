"""What comes from groups and channels, read leniently: a part of `reading`."""

from __future__ import annotations

import re
from typing import Any

from starbid.telegram.fields import Wrong, clean, count_of, object_of
from starbid.telegram.senders import sender_of
from starbid.telegram.updates import Called, Content, InGroup, Migration, Placed, Pressed, Said, Sender, Unknown
from starbid.telegram.venue_fields import CHANNEL, GROUPS, is_there, venue_of

_CALL = re.compile(r"/connect(@\w+)?(\s.*)?|/start(@\w+)?\sconnect", re.DOTALL)
"""Telegram says `/start connect` for one who adds the bot by the link of `links.to_group`."""


def in_group(message: dict[str, Any], content: Said | Pressed) -> Content:
    """In a channel only what is pressed. What Telegram itself says there (a topic was opened) is said by nobody."""
    chat = object_of(message, "chat")
    number, kind = chat.get("id"), chat.get("type")
    is_heard = kind in GROUPS or (kind == CHANNEL and isinstance(content, Pressed))
    return InGroup(number, thread_of(message), content) if is_heard and type(number) is int else Unknown()


def call(message: dict[str, Any]) -> Called | None:
    """None for whatever else is said. Also from an anonymous admin, who is a bot of Telegram's."""
    chat, text = object_of(message, "chat"), message.get("text")
    number = chat.get("id")
    if chat.get("type") not in GROUPS or type(number) is not int or not isinstance(text, str):
        return None
    author = message.get("from")
    code = author.get("language_code") if isinstance(author, dict) else None
    spoken = clean(code)[:35] if isinstance(code, str) else None
    return Called(number, thread_of(message), spoken) if _CALL.fullmatch(text) else None


def migration(message: dict[str, Any]) -> Migration | None:
    """Telegram tells of it in both groups."""
    number = object_of(message, "chat").get("id")
    old, new = message.get("migrate_from_chat_id"), message.get("migrate_to_chat_id")
    if type(number) is not int:
        return None
    if type(new) is int:
        return Migration(number, new)
    return Migration(old, number) if type(old) is int else None


def placed(body: dict[str, Any]) -> Content:
    """Unknown for a chat that is neither a group nor a channel."""
    before, after = object_of(body, "old_chat_member"), object_of(body, "new_chat_member")
    venue = venue_of(object_of(body, "chat"), after)
    return Placed(venue, _sender(body), is_there(after), not is_there(before)) if venue else Unknown()


def thread_of(message: dict[str, Any]) -> int | None:
    """The topic of a forum."""
    return count_of(message, "message_thread_id") if message.get("is_topic_message") is True else None


def _sender(body: dict[str, Any]) -> Sender | None:
    try:
        return sender_of(body)
    except Wrong:
        return None
