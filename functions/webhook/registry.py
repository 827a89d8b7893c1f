"""Which words and buttons lead where: each screen registers its own commands, presses and answers.

    @screens.command("terms")
    def terms(chat: Conversation, rest: str) -> None: ...

Names are those of the chat: they stand on buttons that people pressed months ago, so none is ever given a new meaning.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from webhook.conversation import Conversation

OnCommand = Callable[[Conversation, str], None]
"""Takes the text behind the command's name."""
OnPress = Callable[[Conversation, list[str]], None]
"""Takes the parts of the button's data behind the first."""
OnAnswer = Callable[[Conversation, dict[str, Any], str], None]
"""Takes what was noted with the question, and the text."""
C = TypeVar("C", bound=OnCommand)
P = TypeVar("P", bound=OnPress)
A = TypeVar("A", bound=OnAnswer)


@dataclass(frozen=True, slots=True)
class Press:
    """`keeps_question`: what the bot waits to be told is still asked after it."""

    act: OnPress
    keeps_question: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """`takes_anything`: it says itself what is wrong with a message without words."""

    act: OnAnswer
    takes_anything: bool


class Screens:
    """What all screens registered, by name. A name that is taken raises ValueError."""

    def __init__(self) -> None:
        self.commands: dict[str, OnCommand] = {}
        self.presses: dict[str, Press] = {}
        self.answers: dict[str, Answer] = {}

    def command(self, *names: str) -> Callable[[C], C]:
        """`/name`, with the text behind it."""

        def register(act: C) -> C:
            for name in names:
                _put(self.commands, name, act)
            return act

        return register

    def press(self, *names: str, keeps_question: bool = False) -> Callable[[P], P]:
        """A button whose data begins with one of `names`."""

        def register(act: P) -> P:
            for name in names:
                _put(self.presses, name, Press(act, keeps_question))
            return act

        return register

    def answer(self, question: str, *, takes_anything: bool = False) -> Callable[[A], A]:
        """The text that comes after a question of this name."""

        def register(act: A) -> A:
            _put(self.answers, question, Answer(act, takes_anything))
            return act

        return register


def _put(table: dict[str, Any], name: str, what: Any) -> None:
    if name in table:
        raise ValueError(f"{name} is taken")
    table[name] = what


screens = Screens()
