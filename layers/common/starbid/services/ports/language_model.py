"""What writes the helper's answers, and how they are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from starbid.domain.assistant.formatted import Formatted


class Speaker(StrEnum):
    """Whose words they are, as OpenAI-compatible servers name them."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Turn:
    """Something said in a conversation with a language model."""

    speaker: Speaker
    text: str


class Ending(StrEnum):
    """Why a model stopped writing."""

    COMPLETE = "complete"
    CUT = "cut"
    """The answer has as many tokens as it may have (`finish_reason` = `length`)."""
    WITHHELD = "withheld"
    """The model's filter kept the rest back (`content_filter`)."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens, as the server counts them; or as `domain.assistant.tokens` estimates them, where it does not tell."""

    prompt: int
    answer: int
    is_estimated: bool = False

    @property
    def total(self) -> int:
        return self.prompt + self.answer


@dataclass(frozen=True, slots=True)
class Written:
    """The end of an answer: how it ended, and what it took."""

    ending: Ending
    usage: Usage


class Ailment(StrEnum):
    """What a model suffers from. After the first four another try may help."""

    BUSY = "busy"
    """429."""
    BROKEN = "broken"
    """5xx, a stream that breaks off, a frame that cannot be read, no connection."""
    SLOW = "slow"
    """No first byte in time, or a stall in the middle."""
    EMPTY = "empty"
    """An answer without a visible character."""
    REFUSED = "refused"
    """Any other 4xx: the key, the model's name, the request. For the operators."""


class ModelTrouble(Exception):
    """An answer that did not come, or not to its end. `said` is fit for a log: it holds neither the key nor what people
    wrote. `retry_after`: seconds that the server asks to wait (429, 503), if it does.
    """

    def __init__(self, ailment: Ailment, said: str, retry_after: float | None = None) -> None:
        super().__init__(f"{ailment}: {said}")
        self.ailment, self.said, self.retry_after = ailment, said, retry_after

    @property
    def may_pass(self) -> bool:
        """Whether another try may help."""
        return self.ailment is not Ailment.REFUSED


class LanguageModel(Protocol):
    """A model behind an API. Threads may share one."""

    def write(self, prompt: Sequence[Turn], seconds: float) -> AbstractContextManager[Iterator[str | Written]]:
        """An answer as it grows: pieces of text, then one `Written` at the end. A piece is empty where nothing has come
        for a second, so that the listener can look around. Leaving the context stops the model. It takes `seconds`
        at most, from the call to the end.

        Raises ModelTrouble between pieces; where no visible character came, in the place of the end.
        """


class Formatting(Protocol):
    """Markdown, as models write it, made safe to show."""

    def format(self, markdown: str) -> Formatted:
        """Whatever is written: HTML, addresses that do not lead to the web, and characters that change the direction
        of text become harmless. It never raises for what a model writes.
        """

    def parts(self, markdown: str, longest: int) -> tuple[Formatted, ...]:
        """The same in messages of at most `longest` UTF-16 units each, cut at ends of paragraphs, else of lines,
        sentences or words. A block of code that does not fit is closed at the end of one part and opened again at the
        next, never cut within a line that fits; a mark that goes on is in both. None of them is blank; no part at all
        where nothing can be seen.
        """
