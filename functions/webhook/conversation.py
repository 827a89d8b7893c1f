"""One turn of a conversation: who speaks, what was pressed, and how the bot answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from starbid.bootstrap import App
from starbid.domain.people import Person
from starbid.i18n import language_to
from starbid.services.ports import Rejected, TryLater, Unreachable
from starbid.telegram import keyboards
from starbid.telegram.bot_api import AnswerLost, Sent, ServerTrouble
from starbid.telegram.fitting import shortened
from starbid.telegram.html import MAX_TOAST, cut, parsed_units
from starbid.telegram.keyboards import Button, Keyboard, Row
from starbid.telegram.updates import Pressed
from webhook import in_place
from webhook.log import log
from webhook.login_buttons import or_without_logins
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
        arrived: datetime,
        turn: str,
        pressed: Pressed | None = None,
        questions: Questions | None = None,
    ) -> None:
        """`turn` names this update: the same when it is delivered again. So is `arrived`, by which bids and purchases
        count; everything else happens `now`.
        """
        self.app, self.person, self.now, self.arrived = app, person, now, arrived
        self.turn, self.pressed = turn, pressed
        self.questions = questions or Questions()
        self.words = language_to(person, now, lasting=True)
        self.acted = False
        self.said = False
        self._answered = False
        self._doing = ""

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
    def on_rich_card(self) -> bool:
        """The same of a rich message."""
        return self.on_card and self.pressed is not None and self.pressed.slides is not None

    @property
    def pressed_on(self) -> int:
        """The message whose button was pressed; 0 where there is none."""
        return (self.pressed.message_id if self.pressed else None) or 0

    @property
    def on_screen(self) -> bool:
        """A button of a screen was pressed, whose place may be taken."""
        return self.pressed is not None and self.pressed.message_id is not None and in_place.is_screen(self.pressed)

    def aside(self) -> Conversation:
        """The same turn with new messages only, whatever was pressed."""
        return Conversation(self.app, self.person, self.now, self.arrived, self.turn, None, self.questions)

    def say(self, text: str, *rows: Row, back: bool = True) -> Sent:
        """A new message, for keeps. `back` adds the way to the menu."""
        return self._send(text, self._with_way_back(rows, back))

    def prompt(self, text: str, *rows: Row, back: bool = True) -> Sent:
        """A new screen: it asks, and what comes of it may take its place."""
        return self._send(text, in_place.as_screen(self._with_way_back(rows, back)))

    def show(self, text: str, *rows: Row, back: bool = True) -> None:
        """A screen: in the place of the one whose button was pressed, or as a new message."""
        self._put(text, in_place.as_screen(self._with_way_back(rows, back)))

    def conclude(self, text: str, *rows: Row) -> None:
        """What came of a press, for keeps: in the place of the screen that asked for it, or as a new message."""
        self._put(text, self._with_way_back(rows, back=True))

    def change_buttons(self, change: Callable[[Button], Button | None]) -> None:
        """Put other buttons (None: none) under the message whose button was pressed; all else of it stays.

        The old ones may stay after a trouble: what they do was done, and is no more than refused.
        """
        old = self.pressed.keyboard if self.pressed else ()
        new = tuple(tuple(one for each in row if (one := change(each))) for row in old)
        new = tuple(row for row in new if row)
        if not self.pressed_on or new == old or not all(one.acts for row in new for one in row):
            return
        try:
            self.app.bot.edit_keyboard(self.chat_id, self.pressed_on, new)
        except (TryLater, Unreachable, Rejected) as error:
            log().info("old buttons stay: %r", error)

    def reword(self, message_id: int, text: str, *rows: Row) -> bool:
        """Other words in a screen that stands in the chat; False where it is gone."""
        return self._edit(message_id, text, in_place.as_screen(self._with_way_back(rows, back=False)))

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

    def slowly(self, doing: str = "typing") -> None:
        """Before work that takes a second or more: the person sees for a while that something comes (`typing`,
        `upload_photo`, `upload_document`). One call, once a turn; no trouble of it matters.
        """
        if self._doing == doing:
            return
        self._doing = doing
        try:
            self.app.bot.send_chat_action(self.chat_id, doing)
        except Exception as error:
            log().info("nobody saw that an answer takes a while: %r", error)

    def _send(self, text: str, keyboard: Keyboard) -> Sent:
        send, fits = self.app.bot.send_message, _fitting(text)
        sent = or_without_logins(keyboard, lambda taken: patiently(lambda: send(self.chat_id, fits, taken)))
        self.said = True
        return sent

    def _put(self, text: str, keyboard: Keyboard) -> None:
        if self.on_screen and self._edit(self.pressed_on, text, keyboard):
            self.said = True
        else:
            self._send(text, keyboard)

    def _edit(self, message_id: int, text: str, keyboard: Keyboard) -> bool:
        try:
            edit, fits = self.app.bot.edit_text, _fitting(text)
            return or_without_logins(
                keyboard, lambda taken: patiently(lambda: edit(self.chat_id, message_id, fits, taken))
            )
        except Rejected as refusal:
            log().info("said as a new message, as an edit was refused: %s", refusal)
            return False

    def _answer(self, query_id: str, text: str, alert: bool) -> None:
        try:
            self.app.bot.answer_callback(query_id, cut(text, MAX_TOAST), alert=alert)
        except (TryLater, Unreachable, Rejected) as error:
            log().info("a press was not answered: %r", error)

    def _with_way_back(self, rows: tuple[Row, ...], back: bool) -> Keyboard:
        full = tuple(row for row in rows if row)
        return (*full, (keyboards.menu(self.words),)) if back else full


def _fitting(text: str) -> str:
    """The net below all screens: Telegram refuses a text that is too long, and the person would hear nothing. Each
    screen keeps its own text short enough; one that does not is a fault, which the log tells.
    """
    fits = shortened(text)
    if fits != text:
        log().error("an answer was longer than Telegram takes, and was cut: %s units", parsed_units(text))
    return fits


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
