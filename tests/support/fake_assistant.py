"""The helper's queue and its model, in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from starbid.domain.assistant.formatted import Formatted
from starbid.domain.assistant.question import Question
from starbid.services.ports import Ending, Turn, Usage, Written

from .failing import Failing

Said = str | BaseException | Callable[[], object]
"""A piece of an answer, what is raised in its place, or what happens meanwhile."""


@dataclass(frozen=True)
class Call:
    """Something that the queue was asked for."""

    user_id: int
    question_id: str = ""
    clear: bool = False
    again: int = 0


class FakeAssistantWork(Failing):
    """Implements `ports.AssistantWork`: calls wait in `calls` until a test takes them."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []

    def answer(self, user_id: int, question_id: str, again: int = 0) -> None:
        with self._deed():
            self.calls.append(Call(user_id, question_id, again=again))

    def clear(self, user_id: int, again: int = 0) -> None:
        with self._deed():
            self.calls.append(Call(user_id, clear=True, again=again))

    def take(self) -> list[Call]:
        taken, self.calls = self.calls, []
        return taken


class FakeModel:
    """Implements `ports.LanguageModel`: says what it was told to say, one answer after the other; then always the last.

    model.says("Hello", ", world")            # one answer, in two pieces
    model.says("Hel", ModelTrouble(...))      # the next one breaks off
    """

    def __init__(self) -> None:
        self._answers: deque[tuple[tuple[Said, ...], Ending]] = deque()
        self._last: tuple[tuple[Said, ...], Ending] = (("An answer.",), Ending.COMPLETE)
        self.prompts: list[tuple[Turn, ...]] = []
        self.seconds: list[float] = []
        self.left = 0

    def says(self, *pieces: Said, ending: Ending = Ending.COMPLETE) -> None:
        self._answers.append((pieces, ending))

    @contextmanager
    def write(self, prompt: Sequence[Turn], seconds: float) -> Iterator[Iterator[str | Written]]:
        self.prompts.append(tuple(prompt))
        self.seconds.append(seconds)
        if self._answers:
            self._last = self._answers.popleft()
        try:
            yield self._pieces(*self._last)
        finally:
            self.left += 1

    def _pieces(self, pieces: tuple[Said, ...], ending: Ending) -> Iterator[str | Written]:
        written = 0
        for piece in pieces:
            match piece:
                case BaseException():
                    raise piece
                case str():
                    written += len(piece)
                    yield piece
                case _:
                    piece()
        yield Written(ending, Usage(100, written))


class PlainFormatting:
    """Implements `ports.Formatting` without any: a text is what it is."""

    def format(self, markdown: str) -> Formatted:
        return Formatted(markdown)

    def parts(self, markdown: str, longest: int) -> tuple[Formatted, ...]:
        cuts = (markdown[first : first + longest] for first in range(0, len(markdown), longest))
        return tuple(Formatted(cut) for cut in cuts if cut.strip())


@dataclass
class FakeStage(Failing):
    """Implements `ports.Stage`. `frames` are what grew, `told` the parts for keeps. A planted fault hits `tell` and
    `fail`.
    """

    wait: float | None = 1.0
    begun: int = 0
    frames: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    failed: list[Question] = field(default_factory=list)
    faded: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def begin(self) -> float:
        self.begun += 1
        return 0.0

    def grow(self, text: Formatted) -> float | None:
        self.frames.append(text.text)
        return self.wait

    def tell(self, question: Question, number: int, parts: tuple[Formatted, ...]) -> None:
        with self._deed():
            self.told.append(parts[number].text)

    def fail(self, question: Question) -> None:
        with self._deed():
            self.failed.append(question)

    def fade(self) -> None:
        self.faded += 1
