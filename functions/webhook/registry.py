"""Which words and buttons lead where: each screen registers its own commands, presses and answers.

    @screens.command("terms")
    def terms(chat: Conversation, rest: str) -> None: ...

Names are those of the chat: they stand on buttons that people pressed months ago, so none is ever given a new meaning.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from starbid.telegram.updates import Said
from webhook.conversation import Conversation
from webhook.questions import Asked, Q, Question, facts_of

OnCommand = Callable[[Conversation, str], None]
"""Takes the text behind the command's name."""
OnPress = Callable[[Conversation, list[str]], None]
"""Takes the parts of the button's data behind the first."""
OnAnswer = Callable[[Conversation, Q, Said], None]
"""Takes the question, and what the person sent. Raises AskAgain or Invalid where that is no answer, MoreToCome where it
is a part of one; when it returns, or raises a refusal, the question is over.
"""
C = TypeVar("C", bound=OnCommand)
P = TypeVar("P", bound=OnPress)


@dataclass(frozen=True, slots=True)
class Press:
    """`keeps_question`: what the bot waits to be told is still asked after it."""

    act: OnPress
    keeps_question: bool


@dataclass(frozen=True, slots=True)
class Answer(Generic[Q]):
    """`takes_anything`: it says itself what is wrong with a message that is no text. A caption counts as text then."""

    kind: type[Q]
    act: OnAnswer[Q]
    takes_anything: bool


class Screens:
    """What all screens registered, by name. A name that is taken raises ValueError."""

    def __init__(self) -> None:
        self.commands: dict[str, OnCommand] = {}
        self.presses: dict[str, Press] = {}
        self.answers: dict[str, Answer[Any]] = {}

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

    def answer(self, kind: type[Q], *, takes_anything: bool = False) -> Callable[[OnAnswer[Q]], OnAnswer[Q]]:
        """What comes after a question of this kind. Raises TypeError for one that cannot be stored."""
        facts_of(kind)

        def register(act: OnAnswer[Q]) -> OnAnswer[Q]:
            _put(self.answers, kind.name, Answer(kind, act, takes_anything))
            return act

        return register

    def question(self, asked: Asked) -> Question | None:
        """What was asked; None where another version of the bot asked it."""
        answer = self.answers.get(asked.name)
        return asked.read_as(answer.kind) if answer else None


def _put(table: dict[str, Any], name: str, what: Any) -> None:
    if name in table:
        raise ValueError(f"{name} is taken")
    table[name] = what


screens = Screens()
