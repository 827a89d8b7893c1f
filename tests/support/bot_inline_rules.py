"""Rules of the Bot API's documentation for messages that are offered: inline results and prepared messages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

_MOST_RESULTS, _MOST_ID, _MOST_OFFSET = 50, 64, 64
_START = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ADDRESSES = ("photo_url", "thumbnail_url")
_CHATS = ("allow_user_chats", "allow_bot_chats", "allow_group_chats", "allow_channel_chats")

Require = Callable[[bool, str, object], None]
"""Raises Breach where the first does not hold."""
CheckKeyboard = Callable[[list[list[dict[str, Any]]]], None]


def inline_answer(fields: dict[str, Any], require: Require, check_keyboard: CheckKeyboard) -> None:
    """Of `answerInlineQuery`."""
    results = fields["results"]
    require(len(results) <= _MOST_RESULTS, "too many results", len(results))
    ids = [result["id"] for result in results]
    require(len(set(ids)) == len(ids), "two results have one id", ids)
    for result in results:
        _result(result, require, check_keyboard)
    offset = fields.get("next_offset", "")
    require(len(offset.encode()) <= _MOST_OFFSET, "an offset is too long", offset)
    if button := fields.get("button"):
        require(bool(button["text"].strip()), "a button has no text", button)
        require(("web_app" in button) != ("start_parameter" in button), "a button does exactly one thing", button)
        payload = button.get("start_parameter", "a")
        require(bool(_START.fullmatch(payload)), "no payload of a deep link", payload)


def prepared_message(fields: dict[str, Any], require: Require, check_keyboard: CheckKeyboard) -> None:
    """Of `savePreparedInlineMessage`."""
    _result(fields["result"], require, check_keyboard)
    require(any(fields.get(name) for name in _CHATS), "there is no chat that it may go to", fields)


def _result(result: dict[str, Any], require: Require, check_keyboard: CheckKeyboard) -> None:
    require(1 <= len(result["id"].encode()) <= _MOST_ID, "no id of a result", result["id"])
    require(result.get("title", "a").strip() != "", "a title is empty", result)
    require(result.get("photo_file_id") != "", "a photo has no id", result)
    for name in _ADDRESSES:
        parts = urlsplit(result.get(name, "https://example.org"))
        require(parts.scheme == "https" and bool(parts.hostname), "Telegram fetches it from there", result.get(name))
    rows = result.get("reply_markup", {}).get("inline_keyboard", [])
    check_keyboard(rows)
    apps = [button for row in rows for button in row if "web_app" in button]
    require(not apps, "a button of a Mini App stands in the chat with the bot alone", apps)
