"""Letting a model write: three tries, the answer shown while it grows, an ear for the person who wants no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from starbid.domain.assistant.question import LONGEST_ANSWER, Failure
from starbid.domain.assistant.tokens import estimated, estimated_turn
from starbid.domain.graphemes import whole
from starbid.domain.texts import mended, shows
from starbid.services.ports import (
    Ailment,
    Contended,
    Ending,
    Formatting,
    LanguageModel,
    ModelTrouble,
    Pace,
    Stage,
    Turn,
    Unavailable,
    Written,
)

ALL_SECONDS = 45.0
"""For all tries together (spec, section 8)."""
PAUSES = (1.0, 3.0)
"""Seconds between the tries, unless the server asks for more."""
LEAST_SECONDS = 2.0
"""A try with less time left is none."""
LOOK_SECONDS = 1.0
"""Between looks at whether the person still wants it, and frames at the fastest."""
BEGUN_SECONDS = 20.0
"""Between two signs that somebody is at it: Telegram shows a draft for 30 s."""
_TRIED_AGAIN = frozenset({Ailment.BUSY, Ailment.BROKEN, Ailment.SLOW})
_WHY = {Ailment.EMPTY: Failure.EMPTY}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: an answer, or why there is none. `stopped`: the person wanted no more. `cut`: it is not all.
    `tokens`: of all tries, estimated where the server did not come to tell. `trouble` is for the log.
    """

    text: str = ""
    failure: Failure | None = None
    stopped: bool = False
    cut: bool = False
    tokens: int = 0
    trouble: str = ""


class Stopped(Exception):
    """The person wants no more of it."""


@dataclass(slots=True)
class _Draft:
    """What there is of the answer of one try. `is_shown`: something of it has been seen."""

    text: str = ""
    is_shown: bool = False
    tokens: int = 0
    cut: bool = False
    ending: Ending | None = None

    @property
    def words(self) -> str:
        return mended(self.text).strip()


class Writing:
    """One answer. `is_wanted` asks whether the person still wants it; it is asked at most once in LOOK_SECONDS."""

    def __init__(
        self,
        model: LanguageModel,
        formatting: Formatting,
        stage: Stage,
        pace: Pace,
        is_wanted: Callable[[], bool],
        *,
        grows: bool,
    ) -> None:
        """`grows`: it is shown while it is written; one that is to be read by us is not."""
        self._model, self._formatting, self._stage, self._pace = model, formatting, stage, pace
        self._is_wanted, self._grows = is_wanted, grows
        self._look_at = self._frame_at = 0.0
        self._begin_at = pace.elapsed() + (LOOK_SECONDS if grows else 0.0)

    def write(self, prompt: Sequence[Turn]) -> Outcome:
        """Never raises for what the model does."""
        until, tokens, trouble = self._pace.elapsed() + ALL_SECONDS, 0, ""
        failure = Failure.UNREACHABLE
        for pause in (*PAUSES, None):
            draft = _Draft()
            try:
                self._once(prompt, draft, until - self._pace.elapsed())
                return _outcome(draft, tokens + draft.tokens)
            except Stopped:
                tokens += draft.tokens
                if draft.is_shown:
                    return Outcome(draft.words, stopped=True, cut=True, tokens=tokens)
                return Outcome(failure=Failure.STOPPED, tokens=tokens)
            except ModelTrouble as error:
                tokens, trouble = tokens + draft.tokens, str(error)
                failure = _WHY.get(error.ailment, Failure.UNREACHABLE)
                wait = max(pause or 0.0, error.retry_after or 0.0)
                left = until - self._pace.elapsed()
                if pause is None or error.ailment not in _TRIED_AGAIN or left - wait < LEAST_SECONDS:
                    break
            if not self._waited(wait):
                return Outcome(failure=Failure.STOPPED, tokens=tokens, trouble=trouble)
        return Outcome(failure=failure, tokens=tokens, trouble=trouble)

    def _once(self, prompt: Sequence[Turn], draft: _Draft, seconds: float) -> None:
        """Raises ModelTrouble, Stopped. What a server was asked counts, though nothing came of it: it has read the
        prompt, unless it refused or was not there.
        """
        is_read = True
        try:
            with self._model.write(prompt, seconds) as pieces:
                self._read(pieces, draft)
        except ModelTrouble as trouble:
            is_read = bool(draft.text) or trouble.ailment in (Ailment.SLOW, Ailment.EMPTY)
            raise
        finally:
            if is_read and not draft.tokens:
                draft.tokens = sum(estimated_turn(turn.text) for turn in prompt) + estimated(draft.words)

    def _read(self, pieces: Iterator[str | Written], draft: _Draft) -> None:
        """Raises ModelTrouble, Stopped."""
        for piece in pieces:
            if isinstance(piece, Written):
                draft.ending, draft.tokens = piece.ending, piece.usage.total
                return
            draft.text += piece
            if len(draft.text) > LONGEST_ANSWER:
                draft.text, draft.cut = whole(draft.text, LONGEST_ANSWER), True
                return
            self._look(draft)

    def _look(self, draft: _Draft) -> None:
        """Raises Stopped."""
        now = self._pace.elapsed()
        if now >= self._look_at:
            self._look_at = now + LOOK_SECONDS
            if not self._still_wanted():
                raise Stopped
        if not (self._grows and shows(draft.text)):
            self._begin()
        elif now >= self._frame_at:
            wait = self._stage.grow(self._formatting.format(draft.words))
            draft.is_shown = True
            self._frame_at = float("inf") if wait is None else self._pace.elapsed() + max(wait, LOOK_SECONDS)

    def _begin(self) -> None:
        """Somebody is at it: said where the first words take longer than a frame would hold them up, and again before
        that fades.
        """
        now = self._pace.elapsed()
        if now >= max(self._begin_at, self._frame_at):
            self._begin_at = now + BEGUN_SECONDS
            self._frame_at = now + self._stage.begin()

    def _waited(self, seconds: float) -> bool:
        """False where the person does not want it any more."""
        until = self._pace.elapsed() + seconds
        while (left := until - self._pace.elapsed()) > 0:
            self._begin()
            self._pace.sleep(min(left, LOOK_SECONDS))
            if not self._still_wanted():
                return False
        return True

    def _still_wanted(self) -> bool:
        """A store that is busy does not end an answer."""
        try:
            return self._is_wanted()
        except (Unavailable, Contended):
            return True


def _outcome(draft: _Draft, tokens: int) -> Outcome:
    text = draft.words
    if not shows(text):
        failure = Failure.WITHHELD if draft.ending is Ending.WITHHELD else Failure.EMPTY
        return Outcome(failure=failure, tokens=tokens)
    return Outcome(text, cut=draft.cut or draft.ending is not Ending.COMPLETE, tokens=tokens)
