"""What messages of a private chat become in the chat of the admins, which is a group."""

from __future__ import annotations

from dataclasses import replace

from starbid.i18n import Language
from starbid.services.desk.admin_chat import HELD
from starbid.services.ports import Notice
from starbid.telegram.keyboards import Button, Keyboard


def for_group(keyboard: Keyboard) -> Keyboard:
    """Without the way to the menu, which is everybody's own; Telegram opens no Mini Apps from a group."""
    rows = (tuple(_linked(each) for each in row if each.data != "go:menu") for row in keyboard)
    return tuple(row for row in rows if row)


def with_more(text: str, notice: Notice, words: Language) -> str:
    """The text of an alert, and how many more of its kind there were."""
    more = int(notice.facts.get(HELD, 0))
    if not more:
        return text
    line = words.ngettext("And {n} more like it: see the panel.", "And {n} more like it: see the panel.", more)
    return f"{text}\n\n{line}"


def _linked(button: Button) -> Button:
    return replace(button, app=None, url=button.app) if button.app else button
