"""What the chat says to those who look after a group or channel where lots are posted."""

from __future__ import annotations

from starbid.services.notices import showcases
from starbid.telegram import keyboards
from starbid.telegram.html import cut, escape
from starbid.telegram.keyboards import Button, Keyboard
from starbid.telegram.notices.telling import Message, Telling, says

TITLE_UNITS = 100


@says(showcases.SHUT_OUT)
def _shut_out(t: Telling) -> Message:
    _ = t.words._
    text = _("I am not allowed to post in “{title}”, so lots no longer appear there.", title=_title(t))
    if t.facts["is_channel"]:
        cure = _("Give me the right to post messages, then press the button: I continue.")
    else:
        cure = _("Let members send messages and photos, or make me an admin. Then press the button: I continue.")
    return f"{text}\n{cure}", _settings(t)


@says(showcases.TOPIC_GONE)
def _topic_gone(t: Telling) -> Message:
    text = t.words._(
        "The topic for lots in “{title}” is closed or gone, so I post outside of it. For another topic, write /connect "
        "there.",
        title=_title(t),
    )
    return text, _settings(t)


def _title(t: Telling) -> str:
    return escape(cut(str(t.facts["title"]), TITLE_UNITS))


def _settings(t: Telling) -> Keyboard:
    settings = Button(t.words._("Settings of the posts"), f"sc:{t.facts['chat_id']}")
    return (settings,), (keyboards.menu(t.words),)
