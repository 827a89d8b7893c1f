"""Asking a person something, and how a question ends."""

from __future__ import annotations

from collections.abc import Callable

from starbid.telegram.bot_api import AnswerLost
from starbid.telegram.keyboards import Button, Row
from webhook import questions
from webhook.conversation import Conversation
from webhook.questions import Asked, AskedBy, Question, Questions


class AskAgain(Exception):
    """The answer is of no use: `text` says why, and asks once more."""

    def __init__(self, text: str, *rows: Row) -> None:
        super().__init__(text)
        self.text, self.rows = text, rows


class NoAnswer(Exception):
    """The message is none to this question, which is over: it is to be handled like any other."""


class MoreToCome(Exception):
    """The answer is one part of several, and nothing is to be said to it: the question stays as it is."""


def ask(chat: Conversation, question: Question, text: str, *rows: Row, leave: Button | None = None) -> None:
    """Say `text`, with the question's button to leave it (or another): a reply to it, or the person's next text,
    answers `question`.
    """
    message_id = 0
    try:
        leave = leave or question.leaving(chat.words)
        message_id = chat.prompt(text, *rows, (leave,), back=False).message_id or 0
    except AnswerLost:  # the person may have it before them
        _remember(chat, question, 0)
        raise
    _remember(chat, question, message_id)


def ask_in_place(chat: Conversation, question: Question, text: str, *rows: Row) -> None:
    """The same on the screen whose button was pressed; as a new message where there is none."""
    if not chat.on_screen:
        ask(chat, question, text, *rows)
        return
    chat.show(text, *rows, (question.leaving(chat.words),), back=False)
    _remember(chat, question, chat.pressed_on)


def asked_in(chat: Conversation, question: Question) -> int:
    """The message that asks it last; 0 where none is known."""
    same = (each for each in reversed(chat.questions.asked) if each.is_same(Asked.now(question, 0, chat.now)))
    return next((each.message_id for each in same), 0)


def reword(chat: Conversation, question: Question, text: str, *rows: Row, leave: Button | None = None) -> bool:
    """Other words in the message that asks it last, be it another update that asked. False, and nothing happens, where
    none is known or it cannot be changed.
    """
    chat.questions = questions.stored(chat.app.scratch, chat.person.id, chat.now)
    message_id = asked_in(chat, question)
    row = (leave or question.leaving(chat.words),)
    return bool(message_id) and chat.reword(message_id, text, *rows, row)


def close(chat: Conversation, question: Question | Asked) -> None:
    """It was dealt with, or cannot be any more: a later reply is told so."""
    asked = question if isinstance(question, Asked) else Asked.now(question, 0, chat.now)
    _change(chat, lambda known: known.without(asked))


def leave(chat: Conversation) -> None:
    """The person goes elsewhere: their next text answers nothing. A reply to a question still does."""
    if chat.questions.newest(chat.now):
        _change(chat, Questions.left)


def cancel(chat: Conversation) -> bool:
    """Close the question whose button was pressed, or all where none was; False where none was open."""
    if not chat.pressed_on:
        was_open = chat.questions.any_open(chat.now)
        if was_open:
            _change(chat, Questions.with_none_open)
        return was_open
    asked = chat.questions.of_message(chat.pressed_on, chat.now)
    if asked is None or not asked.is_open(chat.now):
        return False
    close(chat, asked)
    return True


def forget(chat: Conversation, kind: type[Question]) -> None:
    """Nothing of this kind is remembered any more."""
    if any(asked.name == kind.name for asked in chat.questions.asked):
        _change(chat, lambda known: known.without_kind(kind.name))


def _remember(chat: Conversation, question: Question, message_id: int) -> None:
    def step(known: Questions) -> Questions:
        before = known.without_kind(question.name) if question.is_alone else known
        return before.with_asked(Asked.now(question, message_id, chat.now), AskedBy.of(chat.turn, chat.arrived))

    _change(chat, step)


def _change(chat: Conversation, step: Callable[[Questions], Questions]) -> None:
    chat.questions = questions.change(chat.app.scratch, chat.person.id, chat.questions, step, chat.now)
