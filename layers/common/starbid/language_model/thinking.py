"""The reasoning that some models write before their answer, between `<think>` and `</think>`, is not shown."""

from __future__ import annotations

from enum import Enum, auto

_BEGIN, _END = "<think>", "</think>"


class _Part(Enum):
    BEFORE = auto()
    INSIDE = auto()
    AFTER = auto()
    ANSWER = auto()


class Thinking:
    """Only at the very start: an answer may speak of these marks."""

    def __init__(self) -> None:
        self._part = _Part.BEFORE
        self._held = ""

    def without(self, text: str) -> str:
        """What is known to belong to the answer by now."""
        if self._part is _Part.ANSWER:
            return text
        self._held += text
        if self._part is _Part.BEFORE:
            self._begin()
        if self._part is _Part.INSIDE:
            self._look_for_end()
        if self._part is _Part.AFTER and (begins := self._held.lstrip()):
            self._part, self._held = _Part.ANSWER, begins
        return self._released()

    def rest(self) -> str:
        """What was held back, where the answer ends now: blanks, or the beginning of a mark that never came."""
        if self._part is _Part.BEFORE:
            self._part = _Part.ANSWER
        return self._released()

    def _begin(self) -> None:
        begins = self._held.lstrip()
        if begins.startswith(_BEGIN):
            self._part, self._held = _Part.INSIDE, begins.removeprefix(_BEGIN)
        elif not _BEGIN.startswith(begins):
            self._part = _Part.ANSWER

    def _look_for_end(self) -> None:
        _, mark, after = self._held.partition(_END)
        if mark:
            self._part, self._held = _Part.AFTER, after
        else:
            self._held = self._held[1 - len(_END) :]

    def _released(self) -> str:
        if self._part is not _Part.ANSWER:
            return ""
        held, self._held = self._held, ""
        return held
