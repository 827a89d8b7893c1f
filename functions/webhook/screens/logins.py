"""Logging in on a browser: the chat shows what asked and gives a code to type there. A link alone logs nobody in."""

from __future__ import annotations

from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button
from webhook import callback_data
from webhook.conversation import Conversation
from webhook.registry import screens


def ask(chat: Conversation, code: str) -> None:
    """Was it you? Shows the device and the time."""
    words = chat.words
    attempt = chat.app.logins.find(code, chat.now)
    device = attempt.device or words._("A browser we do not know")
    text = words._(
        "Log in to the site?\n{device}, {moment}. If it was not you, refuse.",
        device=f"<b>{escape(device)}</b>",
        moment=words.moment(attempt.began_at),
    )
    chat.show(text, (Button(words._("Yes, it is me"), f"li:{code}"), Button(words._("It was not me"), f"ln:{code}")))


@screens.press("li")
def press_confirm(chat: Conversation, args: list[str]) -> None:
    """The code for the browser."""
    (code,) = callback_data.parts(args, 1)
    pin = chat.app.logins.confirm(code, chat.person.id, chat.now)
    chat.conclude(
        chat.words._(
            "Type this code into the browser: {pin}\nIt works for ten minutes. Do not share it with anybody.",
            pin=f"<code>{pin}</code>",
        )
    )


@screens.press("ln")
def press_refuse(chat: Conversation, args: list[str]) -> None:
    (code,) = callback_data.parts(args, 1)
    chat.app.logins.refuse(code, chat.now)
    chat.conclude(chat.words._("Refused. Nobody was logged in."))
