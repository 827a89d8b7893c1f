"""Finds what an update asks for among what the screens registered."""

from __future__ import annotations

from starbid.domain.errors import StarbidError
from starbid.telegram.updates import Pressed, Said
from webhook import dialogues
from webhook.callback_data import Garbled
from webhook.conversation import Conversation
from webhook.refusing import refuse
from webhook.registry import screens
from webhook.screens import lots, menu

_LOT = "auction_"


def route(chat: Conversation, content: Said | Pressed) -> None:
    """Find and do what was asked for; refusals become words."""
    try:
        if isinstance(content, Pressed):
            _press(chat, content.data)
        else:
            _say(chat, content.text)
    except StarbidError as error:
        refuse(chat, error)
    finally:
        chat.end()


def _press(chat: Conversation, data: str) -> None:
    verb, *args = data.split(":")
    press = screens.presses.get(verb)
    try:
        if press is None:
            raise Garbled
        if not press.keeps_question:
            dialogues.leave(chat)
        press.act(chat, args)
    except Garbled:
        menu.old_button(chat)


def _say(chat: Conversation, text: str) -> None:
    if text.startswith("/"):
        _command(chat, text)
        return
    question = dialogues.pending(chat)
    answer = screens.answers.get(question["question"]) if question else None
    if answer and question and not text.strip() and not answer.takes_anything:
        menu.only_text(chat, question["question"])
    elif answer and question:
        answer.act(chat, question, text)
    else:
        menu.unknown(chat)


def _command(chat: Conversation, text: str) -> None:
    """Any command leaves the present question."""
    name, rest = _split(text)
    was_asked = dialogues.leave(chat)
    if name == "cancel":
        menu.cancel(chat, "yes" if was_asked else "")
    elif name.startswith(_LOT):
        lots.one(chat, name.removeprefix(_LOT))
    elif name in screens.commands:
        screens.commands[name](chat, rest)
    else:
        menu.unknown(chat)


def _split(text: str) -> tuple[str, str]:
    """`/name@bot rest` as name and rest."""
    head, rest = (*text[1:].split(maxsplit=1), "", "")[:2]
    return head.split("@")[0].lower(), rest.strip()
