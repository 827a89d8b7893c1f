"""Finds what an update asks for among what the screens registered."""

from __future__ import annotations

from starbid.domain.deal_errors import DealFrozen
from starbid.domain.errors import Conflict, Invalid, StarbidError, TooOften
from starbid.telegram.html import escape
from starbid.telegram.updates import Pressed, Said
from starbid.wording import refusal
from webhook import asking
from webhook.callback_data import Garbled
from webhook.conversation import Conversation
from webhook.in_place import unmarked
from webhook.questions import Asked
from webhook.refusing import refuse
from webhook.registry import screens
from webhook.screens import assistant_asking, evidence, finding, lots, menu, talking, tickets, unusable

_LOT = "auction_"
PASSING = (Conflict, TooOften, DealFrozen)
"""After these the same answer may be sent once more, so the question stays open."""
_TAKE_REPLIES = (tickets.replied, assistant_asking.replied, talking.replied)
"""Who may take a reply to a message of the bot that asks nothing."""
_TAKE_ALBUMS = (evidence.belongs_to_album, talking.belongs_to_album)
"""Who may take a message of an album whose first one answered a question."""


def route(chat: Conversation, content: Said | Pressed) -> None:
    """Find and do what was asked for; refusals become words."""
    try:
        if isinstance(content, Pressed):
            _press(chat, content.data)
        else:
            _say(chat, content)
    except StarbidError as error:
        refuse(chat, error)
    finally:
        chat.end()


def _press(chat: Conversation, data: str) -> None:
    verb, *args = unmarked(data).split(":")
    press = screens.presses.get(verb)
    try:
        if press is None:
            raise Garbled
        if not press.keeps_question:
            asking.leave(chat)
        press.act(chat, args)
    except Garbled:
        menu.old_button(chat)


def _say(chat: Conversation, said: Said) -> None:
    if said.is_text and said.text.startswith("/"):
        _command(chat, said.text)
        return
    if chat.questions.were_asked_by(chat.turn):
        _show_what_was_asked(chat)
        return
    asked = chat.questions.of_message(said.reply_to, chat.now) if said.reply_to else chat.questions.newest(chat.now)
    is_late = asked is not None and chat.questions.came_before(chat.arrived, asked)
    if is_late:
        asked = None
    if said.reply_data and not asked and any(takes(chat, said) for takes in _TAKE_REPLIES):
        return
    if said.album and any(takes(chat, said, asked) for takes in _TAKE_ALBUMS):
        return
    if asked:
        _answer(chat, asked, said)
    elif is_late:
        menu.came_late(chat)
    else:
        _unasked(chat, said)


def _show_what_was_asked(chat: Conversation) -> None:
    """This update came before: it was dealt with, up to the question that stands in the chat, and its process died.
    Asked again only where Telegram's answer was lost, so that nobody knows whether it stands there.
    """
    asked = chat.questions.asked[-1]
    question = screens.question(asked) if asked.message_id == 0 and asked.is_open(chat.now) else None
    if question:
        _press(chat, question.again)


def _unasked(chat: Conversation, said: Said) -> None:
    if said.reply_to and chat.questions.newest(chat.now):
        menu.no_question(chat)
    elif said.is_text and said.text.strip() and not said.is_forwarded:
        finding.search(chat, said.text)
    else:
        unusable.answer(chat, said)


def _answer(chat: Conversation, asked: Asked, said: Said) -> None:
    """A question that was dealt with, is too old or cannot be read is answered by nothing but asking it again."""
    question = screens.question(asked)
    if question is None or not asked.is_open(chat.now):
        if asked.is_open(chat.now):
            asking.close(chat, asked)
        menu.closed_question(chat, question)
        return
    answer = screens.answers[asked.name]
    if not answer.takes_anything and not (said.is_text and said.text.strip()):
        asking.ask(chat, question, question.only_text(chat.words))
        return
    try:
        answer.act(chat, question, said)
    except asking.MoreToCome:
        pass
    except asking.NoAnswer:
        asking.close(chat, question)
        _unasked(chat, said)
    except asking.AskAgain as fault:
        asking.ask(chat, question, fault.text, *fault.rows)
    except Invalid as error:
        asking.ask(chat, question, escape(refusal(error, chat.words)))
    except PASSING:
        raise
    except StarbidError:
        asking.close(chat, question)
        raise
    else:
        asking.close(chat, question)


def _command(chat: Conversation, text: str) -> None:
    """Any command leaves the present question; `/cancel` closes all."""
    name, rest = _split(text)
    if name == "cancel":
        if not tickets.leave(chat):
            menu.cancel(chat)
        return
    asking.leave(chat)
    if name.startswith(_LOT):
        lots.one(chat, name.removeprefix(_LOT))
    elif name in screens.commands:
        screens.commands[name](chat, rest)
    else:
        menu.unknown_command(chat, name)


def _split(text: str) -> tuple[str, str]:
    """`/name@bot rest` as name and rest."""
    head, rest = (*text[1:].split(maxsplit=1), "", "")[:2]
    return head.split("@")[0].lower(), rest.strip()
