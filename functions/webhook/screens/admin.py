"""What operators see to in the chat: `/admin`, with the panel and a section for each kind of work. Hidden from others.

A screen of operators registers its section:

    @admin.section(Right.FINANCE)
    def payouts(chat: Conversation) -> Section: ...
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starbid.domain.roles import Right
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Button, Row
from webhook.callback_data import Garbled
from webhook.conversation import Conversation
from webhook.registry import screens
from webhook.screens import menu


@dataclass(frozen=True, slots=True)
class Section:
    """`line` says how much there is to do, `button` leads to it."""

    line: str
    button: Button


MakeSection = Callable[[Conversation], Section]
_SECTIONS: list[tuple[Right, MakeSection]] = []


def section(right: Right) -> Callable[[MakeSection], MakeSection]:
    """The function makes a section of the menu, for those who may do its work."""

    def register(make: MakeSection) -> MakeSection:
        _SECTIONS.append((right, make))
        return make

    return register


@screens.command("admin")
def admin(chat: Conversation, _rest: str) -> None:
    """The way to the panel, and how much of each kind there is to do."""
    if not is_operator(chat):
        menu.unknown(chat)
        return
    sections = [make(chat) for right, make in _SECTIONS if may(chat, right)]
    text = "\n".join((chat.words._("<b>For operators</b>"), *(each.line for each in sections)))
    panel = keyboards.site(chat.words._("Open the panel"), "/admin", chat.app.settings)
    chat.show(text, (panel,), *((each.button,) for each in sections))


def is_operator(chat: Conversation) -> bool:
    return chat.app.operators.role_of(chat.person) is not None


def require_operator(chat: Conversation) -> None:
    """Raises Garbled: to others these buttons do not exist."""
    if not is_operator(chat):
        raise Garbled


def may(chat: Conversation, right: Right) -> bool:
    role = chat.app.operators.role_of(chat.person)
    return role is not None and role.has(right)


def back_button(chat: Conversation) -> Button:
    """To the sections."""
    return keyboards.go(chat.words._("For operators"), "admin")


def show_list(chat: Conversation, head: str, empty: str, rows: Sequence[Row], *beside: Button) -> None:
    """What waits under its `head`, or `empty`; `beside` stand by the way back."""
    chat.show(head if rows else empty, *rows, (*beside, back_button(chat)))


def number(found: int, shown: int) -> str:
    """How many there are, of which `shown` are looked at; `8+` where there are more."""
    return f"{shown}+" if found > shown else str(found)
