"""One turn of a conversation: who speaks, what was pressed, and how the bot answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from starbid.bootstrap import App
from starbid.domain.people import Person
from starbid.i18n import language_to
from starbid.services.ports import TryLater, Unreachable
from starbid.telegram import keyboards
from starbid.telegram.bot_api import AnswerLost, Rejected, Sent, ServerTrouble
from starbid.telegram.html import MAX_TOAST, cut
from starbid.telegram.keyboards import Button, Keyboard
from starbid.telegram.updates import Pressed
from webhook.log import log
from webhook.questions import Questions

T = TypeVar("T")

LONGEST_WAIT = 2
"""Seconds that Telegram may ask us to wait before an answer is given up."""
TROUBLE_WAIT = 0.3


class Conversation:
    """Answers one update of one person.

    `acted` tells that something was done that must not be done again; `said` that the person has been answered.
    """

    def __init__(
        self,
        app: App,
        person: Person,
        now: datetime,
        turn: str,
        pressed: Pressed | None = None,
        questions: Questions | None = None,
    ) -> None:
        """`turn` names this update: the same when it is delivered again."""
        self.app, self.person, self.now, self.turn, self.pressed = app, person, now, turn, pressed
        self.questions = questions or Questions()
        self.words = language_to(person, now, lasting=True)
        self.acted = False
        self.said = False
        self._answered = False

    def known_as(self, person: Person) -> None:
        """The person has changed how they are spoken to."""
        self.person, self.words = person, language_to(person, self.now, lasting=True)

    @property
    def chat_id(self) -> int:
        """Private chats only: the chat has the person's id."""
        return self.person.id

    @property
    def on_card(self) -> bool:
        """A button of a picture's message was pressed, and the message can be edited."""
        return self.pressed is not None and self.pressed.message_id is not None and self.pressed.has_no_text

    @property
    def pressed_on(self) -> int:
        """The message whose button was pressed; 0 where there is none."""
        return (self.pressed.message_id if self.pressed else None) or 0

    def aside(self) -> Conversation:
        """The same turn with new messages only, whatever was pressed."""
        return Conversation(self.app, self.person, self.now, self.turn, None, self.questions)

    def say(self, text: str, *rows: tuple[Button, ...], back: bool = True) -> Sent:
        """A new message. `back` adds the way to the menu."""
        sent = patiently(lambda: self.app.bot.send_message(self.chat_id, text, self._with_way_back(rows, back)))
        self.said = True
        return sent

    def show(self, text: str, *rows: tuple[Button, ...], back: bool = True) -> None:
        """A screen: in the place of the one whose button was pressed, or as a new message."""
        message_id = self.pressed.message_id if self.pressed and not self.pressed.has_no_text else None
        if message_id is not None and self._edit(message_id, text, self._with_way_back(rows, back)):
            self.said = True
        else:
            self.say(text, *rows, back=back)

    def toast(self, text: str, *, alert: bool = False) -> None:
        """A short answer to a press, at most once; said as a message where nothing was pressed."""
        if self.pressed is None:
            self.say(text)
        elif not self._answered:
            self._answered = True
            self._answer(self.pressed.query_id, text, alert)

    def end(self) -> None:
        """A press is always answered, or its button would go on spinning."""
        if self.pressed and not self._answered:
            self._answered = True
            self._answer(self.pressed.query_id, "", alert=False)

    def _edit(self, message_id: int, text: str, keyboard: Keyboard) -> bool:
        try:
            return patiently(lambda: self.app.bot.edit_text(self.chat_id, message_id, text, keyboard))
        except Rejected as refusal:
            log().info("said as a new message, as an edit was refused: %s", refusal)
            return False

    def _answer(self, query_id: str, text: str, alert: bool) -> None:
        try:
            self.app.bot.answer_callback(query_id, cut(text, MAX_TOAST), alert=alert)
        except (TryLater, Unreachable, Rejected) as error:
            log().info("a press was not answered: %r", error)

    def _with_way_back(self, rows: tuple[tuple[Button, ...], ...], back: bool) -> Keyboard:
        full = tuple(row for row in rows if row)
        return (*full, (keyboards.menu(self.words),)) if back else full


def patiently(call: Callable[[], T], sleep: Callable[[float], None] | None = None) -> T:
    """Once more after a short trouble: a person is waiting. Raises what the second try raises."""
    try:
        return call()
    except AnswerLost:
        raise
    except ServerTrouble:
        (sleep or time.sleep)(TROUBLE_WAIT)
    except TryLater as error:
        if error.seconds > LONGEST_WAIT:
            raise
        (sleep or time.sleep)(error.seconds)
    return call()
