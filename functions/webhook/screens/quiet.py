"""Quiet hours: when what can wait does."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.domain.quiet import USUAL, QuietHours, typed_hours
from starbid.switch_words import quiet_span, told_in_quiet
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button
from starbid.telegram.updates import Said
from starbid.zones import place
from webhook import asking, callback_data
from webhook.conversation import Conversation
from webhook.questions import Question
from webhook.registry import screens
from webhook.screens.zones import zone_button

OFF, OTHER = "off", "other"


@dataclass(frozen=True)
class AskQuiet(Question):
    name = "quiet"

    @property
    def again(self) -> str:
        return f"qh:{OTHER}"


def quiet_button(chat: Conversation) -> Button:
    """To the choice, with what there is."""
    words, hours = chat.words, chat.person.quiet
    text = words._("Quiet hours: {span}", span=quiet_span(hours)) if hours else words._("Quiet hours: none")
    return Button(text, "qh")


@screens.press("qh")
def press(chat: Conversation, args: list[str]) -> None:
    """Nothing: the choice; `<minutes>:<minutes>` from midnight; `off`; `other`: to be written."""
    match args:
        case []:
            _show(chat)
        case ["off"]:
            _set(chat, None)
        case ["other"]:
            text = chat.words._("From when to when? Write it like 22:30-7:00.")
            asking.ask(chat, AskQuiet(), text)
        case [begins, ends]:
            chosen = (callback_data.number(begins), callback_data.number(ends))
            if chosen not in ((usual.begins, usual.ends) for usual in USUAL):
                raise callback_data.Garbled
            _set(chat, QuietHours(*chosen))
        case _:
            raise callback_data.Garbled


@screens.answer(AskQuiet)
def answer(chat: Conversation, _question: AskQuiet, said: Said) -> None:
    """Two times of the day; raises Invalid."""
    _set(chat, typed_hours(said.text))


def _set(chat: Conversation, hours: QuietHours | None) -> None:
    chat.known_as(chat.app.quiet.choose(chat.person.id, hours, chat.now))
    chat.acted = True
    _show(chat)


def _show(chat: Conversation) -> None:
    words, hours = chat.words, chat.person.quiet
    text = "\n".join(
        (
            words._("<b>Quiet hours</b>\nWhat can wait is sent in one message when they are over."),
            "",
            told_in_quiet(words),
            "",
            words._("By the time in {zone}.", zone=escape(place(words.zone, chat.now))),
        )
    )
    usual = tuple(
        Button(("✓ " if each == hours else "") + quiet_span(each), f"qh:{each.begins}:{each.ends}") for each in USUAL
    )
    other = words._("Other times")
    if hours and hours not in USUAL:
        other = f"✓ {quiet_span(hours)} · {other}"
    none = Button(("" if hours else "✓ ") + words._("None"), f"qh:{OFF}")
    chat.show(text, usual, (Button(other, f"qh:{OTHER}"), none), (zone_button(chat),), (Button(words._("Back"), "nk"),))
