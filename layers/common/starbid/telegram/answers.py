"""An answer of the helper in a chat: it grows in a draft, or by edits where drafts are refused, and is told for keeps.

A frame that Telegram refuses or puts off is never tried again: a rival that did was shut out for minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import assert_never

from starbid.assistant_history import offer_words, remarks
from starbid.assistant_words import failure_words
from starbid.config import Settings
from starbid.domain.assistant.formatted import Formatted
from starbid.domain.assistant.nesting import excerpt
from starbid.domain.assistant.question import Place, Question, Task
from starbid.domain.people import Person
from starbid.i18n import Language, language_to
from starbid.services.ports import Contended, LiveAnswers, Pace, Rejected, Stage, TryLater, Unavailable, Unreachable
from starbid.telegram import keyboards
from starbid.telegram.bot_api import AnswerLost, BotApi
from starbid.telegram.bot_drafts import draft_of
from starbid.telegram.formatted import telegram_html
from starbid.telegram.html import MAX_TEXT, escape, parsed_units, units
from starbid.telegram.keyboards import Button, Keyboard, Row

DRAFT_SECONDS = 1.0
EDIT_SECONDS = 2.0
PAGE_SECONDS = 1.0
SHOWN_LENGTH = 3500
"""UTF-16 units of a growing answer that are shown: its end, where it is longer than one message may be."""


class Answers:
    """Makes the stage of a question, by where it was asked."""

    def __init__(self, bot: Callable[[], BotApi], live: LiveAnswers, settings: Settings, pace: Pace) -> None:
        self._bot, self._live, self._settings, self._pace = bot, live, settings, pace

    def stage(self, person: Person, question: Question, message_id: int, remember: Callable[[int], None]) -> Stage:
        """`message_id`: the message that has grown already, 0 for none; `remember` keeps that of a new one."""
        if question.place is not Place.CHAT:
            return PageStage(self._live, question, self._pace.now)
        words = language_to(person, self._pace.now(), lasting=True)
        return ChatStage(self._bot(), words, self._settings, person.id, question, message_id, remember)


class PageStage:
    """Implements `ports.Stage` for pages and programs, which look by themselves."""

    def __init__(self, live: LiveAnswers, question: Question, now: Callable[[], datetime]) -> None:
        self._live, self._question, self._now = live, question, now

    def begin(self) -> float:
        """Nothing: that it is being answered is in the account."""
        return 0.0

    def grow(self, text: Formatted) -> float | None:
        with suppress(Unavailable, Contended):  # a frame less
            self._live.put(self._question.user_id, self._question.id, _end_of(text), self._now())
        return PAGE_SECONDS

    def tell(self, question: Question, number: int, parts: tuple[Formatted, ...]) -> None:
        """Nothing: the answer is in the history."""

    def fail(self, question: Question) -> None:
        """Nothing: that it failed is in the history."""

    def fade(self) -> None:
        """Nothing: what has grown is looked at no more once the question is over."""


class ChatStage:
    """Implements `ports.Stage` for a private chat."""

    def __init__(
        self,
        bot: BotApi,
        words: Language,
        settings: Settings,
        chat_id: int,
        question: Question,
        message_id: int,
        remember: Callable[[int], None],
    ) -> None:
        self._bot, self._words, self._settings, self._chat_id = bot, words, settings, chat_id
        self._question, self._message_id, self._remember = question, message_id, remember
        self._drafts, self._is_quiet = not message_id, False
        self._draft_id = draft_of(question.id)

    def begin(self) -> float:
        if self._drafts and self._frame(lambda: self._bot.send_draft(self._chat_id, self._draft_id, "")):
            return DRAFT_SECONDS
        if not self._is_quiet:
            self._frame(lambda: self._bot.send_chat_action(self._chat_id))
        return 0.0

    def grow(self, text: Formatted) -> float | None:
        shown = telegram_html(_end_of(text))
        if self._drafts and not self._is_quiet:
            self._frame(lambda: self._bot.send_draft(self._chat_id, self._draft_id, shown))
        if not self._drafts and not self._is_quiet:
            self._frame(lambda: self._edit_or_send(shown))
        return self._until_next()

    def _until_next(self) -> float | None:
        if self._is_quiet:
            return None
        return DRAFT_SECONDS if self._drafts else EDIT_SECONDS

    def tell(self, question: Question, number: int, parts: tuple[Formatted, ...]) -> None:
        part = parts[number]
        if number + 1 < len(parts):
            self._put_part(number, part, "", ())
            return
        note, rows = _note(question, self._words), _rows(question, self._words, self._settings)
        if not note or units(part.text) + parsed_units(note) + 2 <= MAX_TEXT:
            self._put_part(number, part, note, rows)
            return
        self._put_part(number, part, "", ())
        with suppress(TryLater):  # the part would be told twice
            self._bot.send_message(self._chat_id, note, rows)

    def _put_part(self, number: int, part: Formatted, note: str, rows: Keyboard) -> None:
        tail = f"\n\n{note}" if note else ""
        try:
            self._surely(number, telegram_html(part) + tail, rows)
        except Rejected:  # of its marks; the words themselves are fine
            self._surely(number, escape(part.text) + tail, rows)

    def _surely(self, number: int, text: str, rows: Keyboard) -> None:
        """Once more where the answer to the call was lost, and no more than that: it may well have arrived."""
        try:
            self._put(number, text, rows)
        except AnswerLost:
            with suppress(AnswerLost):
                self._put(number, text, rows)

    def fail(self, question: Question) -> None:
        rows: list[Row] = [(keyboards.menu(self._words),)]
        if question.failure and question.failure.may_be_asked_again:
            rows.insert(0, (Button(self._words._("Try again"), f"ai:again:{question.id}"),))
        self._put(0, failure_words(question, self._words), tuple(rows))

    def fade(self) -> None:
        if self._message_id:
            self._frame(lambda: self._bot.edit_keyboard(self._chat_id, self._message_id, ()))

    def _frame(self, call: Callable[[], object]) -> bool:
        """Whether it was shown. A refusal ends drafts, being told to wait ends all frames."""
        try:
            call()
        except Rejected:
            self._is_quiet, self._drafts = not self._drafts, False
        except (TryLater, Unreachable):
            self._is_quiet = True
        else:
            return True
        return False

    def _edit_or_send(self, shown: str) -> None:
        stop = ((Button(self._words._("Stop"), f"ai:stop:{self._question.id}"),),)
        if self._message_id:
            self._bot.edit_text(self._chat_id, self._message_id, shown, stop)
            return
        self._message_id = self._bot.send_message(self._chat_id, shown, stop).message_id or 0
        if self._message_id:
            self._remember(self._message_id)

    def _put(self, number: int, text: str, rows: Keyboard) -> None:
        """The first part takes the place of the message that has grown."""
        if number == 0 and self._message_id and self._bot.edit_text(self._chat_id, self._message_id, text, rows):
            return
        self._bot.send_message(self._chat_id, text, rows)


def _rows(question: Question, words: Language, settings: Settings) -> Keyboard:
    """What one can do with an answer. A reply to it is a further question: its buttons tell that it is one."""
    _, menu, lot = words._, keyboards.menu(words), question.subject
    match question.task:
        case Task.QUESTION:
            return ((Button(_("Ask more"), "ai:more"), menu),)
        case Task.LOT:
            return ((Button(_("Ask more"), f"ai:more:{lot}"), keyboards.lot(_("Back to the lot"), lot)), (menu,))
        case Task.LISTING:
            edit = keyboards.site(_("Edit and publish"), f"/new_auction?suggestion={question.id}", settings)
            here = Button(_("Use it for a lot"), f"sl:i:{question.id}")
            return ((here,), (edit,), (Button(_("Another draft"), "ai:listing"), menu))
        case Task.REPLY if lot:
            another = keyboards.help_reply(_("Another draft"), lot)
            return ((keyboards.step(_("Answer"), "answer", lot), another), (menu,))
        case Task.REPLY:
            return ((keyboards.go(_("Support"), "support"), Button(_("Another draft"), "ai:reply")), (menu,))
        case _:
            assert_never(question.task)


def _note(question: Question, words: Language) -> str:
    """What stands below an answer, in Telegram's HTML."""
    offer = escape(offer_words(question.suggested, words)) if question.suggested else ""
    return "\n\n".join(filter(None, (offer, *(f"<i>{each}</i>" for each in remarks(question, words)))))


def _end_of(text: Formatted) -> Formatted:
    """As much as one message takes."""
    shown = text.text.encode("utf-16-le")[-2 * SHOWN_LENGTH :].decode("utf-16-le", "ignore")
    start = len(text.text) - len(shown)
    return excerpt(text, start, len(text.text)) if start else text
