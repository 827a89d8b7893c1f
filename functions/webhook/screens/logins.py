"""Logging in on a browser: the chat shows what asked and gives a code to type there. A link alone logs nobody in."""

from __future__ import annotations

from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button
from webhook import reading
from webhook.registry import screens
from webhook.talk import Talk


def ask(talk: Talk, code: str) -> None:
    """Was it you? Shows the device and the time."""
    words = talk.words
    attempt = talk.app.logins.find(code, talk.now)
    device = attempt.device or words._("A browser we do not know")
    text = words._(
        "Log in on the site?\n{device}, {moment}. If it was not you, refuse.",
        device=f"<b>{escape(device)}</b>",
        moment=words.moment(attempt.began_at),
    )
    talk.show(text, (Button(words._("Yes, it is me"), f"li:{code}"), Button(words._("It was not me"), f"ln:{code}")))


@screens.press("li")
def press_confirm(talk: Talk, args: list[str]) -> None:
    """The code for the browser."""
    (code,) = reading.parts(args, 1)
    pin = talk.app.logins.confirm(code, talk.person.id, talk.now)
    talk.show(
        talk.words._(
            "Type this code into the browser: {pin}\nIt is good for ten minutes. Give it to nobody.",
            pin=f"<code>{pin}</code>",
        )
    )


@screens.press("ln")
def press_refuse(talk: Talk, args: list[str]) -> None:
    (code,) = reading.parts(args, 1)
    talk.app.logins.refuse(code, talk.now)
    talk.show(talk.words._("Refused. Nobody was logged in."))
