"""Finds what an update asks for among what the screens registered."""

from __future__ import annotations

from starbid.domain.errors import StarbidError
from starbid.telegram.updates import Pressed, Said
from webhook import dialogues
from webhook.reading import Garbled
from webhook.refusing import refuse
from webhook.registry import screens
from webhook.screens import lots, menu
from webhook.talk import Talk

_LOT = "auction_"


def route(talk: Talk, content: Said | Pressed) -> None:
    """Find and do what was asked for; refusals become words."""
    try:
        if isinstance(content, Pressed):
            _press(talk, content.data)
        else:
            _say(talk, content.text)
    except StarbidError as error:
        refuse(talk, error)
    finally:
        talk.end()


def _press(talk: Talk, data: str) -> None:
    verb, *args = data.split(":")
    press = screens.presses.get(verb)
    try:
        if press is None:
            raise Garbled
        if not press.keeps_question:
            dialogues.leave(talk)
        press.act(talk, args)
    except Garbled:
        menu.old_button(talk)


def _say(talk: Talk, text: str) -> None:
    if text.startswith("/"):
        _command(talk, text)
        return
    question = dialogues.pending(talk)
    answer = screens.answers.get(question["question"]) if question else None
    if answer and question and not text.strip() and not answer.takes_anything:
        menu.only_text(talk, question["question"])
    elif answer and question:
        answer.act(talk, question, text)
    else:
        menu.unknown(talk)


def _command(talk: Talk, text: str) -> None:
    """Any command leaves the present question."""
    name, rest = _split(text)
    was_asked = dialogues.leave(talk)
    if name == "cancel":
        menu.cancel(talk, "yes" if was_asked else "")
    elif name.startswith(_LOT):
        lots.one(talk, name.removeprefix(_LOT))
    elif name in screens.commands:
        screens.commands[name](talk, rest)
    else:
        menu.unknown(talk)


def _split(text: str) -> tuple[str, str]:
    """`/name@bot rest` as name and rest."""
    head, rest = (*text[1:].split(maxsplit=1), "", "")[:2]
    return head.split("@")[0].lower(), rest.strip()
