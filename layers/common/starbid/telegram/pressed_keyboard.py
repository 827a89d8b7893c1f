"""The buttons of a message as they come along with a press: to be read, and to be sent again with one changed."""

from __future__ import annotations

from typing import Any

from starbid.telegram.keyboards import Button, Keyboard


def keyboard_of(message: dict[str, Any]) -> Keyboard:
    """Row by row; what is no button is left out. One of a kind that we never send does nothing: it has no action."""
    markup = message.get("reply_markup")
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    return tuple(
        tuple(_button(each) for each in row if isinstance(each, dict) and isinstance(each.get("text"), str))
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, list)
    )


def _button(raw: dict[str, Any]) -> Button:
    app, login = raw.get("web_app"), raw.get("login_url")
    return Button(
        raw["text"],
        data=_text(raw.get("callback_data")),
        url=_text(raw.get("url")),
        app=_text(app.get("url")) if isinstance(app, dict) else None,
        login=_text(login.get("url")) if isinstance(login, dict) else None,
        pay=raw.get("pay") is True,
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
