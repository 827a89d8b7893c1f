"""Dialogues as scripts: what a person says, and what the bot answers, as both would read them.

    Anna speaks en
    Anna: /start
        Hello, Anna.*
        [Live lots]
        [Sell] [Top up]
        [More]
    Anna presses More
        ~ Menu
        *

An indented line is what changed in the chat of the one who acted: each message with its buttons, `--` between two of
them, `~` before one that was edited in place, `(photo)` above what stands under a picture, `(!)` before the short
answer to a press. `*` is anything within a line, or any lines where it stands alone, or any messages where a message is
nothing else. Which message comes first is open: some answer, others are notices on their way. So is an edit that the
script leaves out: cards follow their lots, sooner or later.

    Anna presses <button>            of the newest message that has it
    Anna sends 3 photos[: caption]   as an album
    Anna pays                        the newest invoice
    Anna looks for vase              in another chat, behind the bot's name: title and description of each offer
    Anna hears                       what came without her doing anything
    2 days pass                      (minutes, hours)
    Anna has needed 5 steps          of what she said, pressed, sent and paid so far
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

SCRIPTS = Path(__file__).parents[1] / "dialogues"
_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400}
_SPEAKS = re.compile(r"(\w+) speaks (\w+)")
_SAYS = re.compile(r"(\w+): (.+)")
_PRESSES = re.compile(r"(\w+) presses (.+)")
_SENDS = re.compile(r"(\w+) sends (\d+) photos?(?:: (.+))?")
_PAYS = re.compile(r"(\w+) pays")
_LOOKS = re.compile(r"(\w+) looks for (.+)")
_HEARS = re.compile(r"(\w+) hears")
_NEEDED = re.compile(r"(\w+) has needed (\d+) steps")
_PASS = re.compile(r"(\d+) (minute|hour|day)s? pass(?:es)?")
_SPACES = str.maketrans({"\u2009": " ", "\u00a0": " ", "\u202f": " "})


@dataclass(frozen=True)
class Shown:
    """A message of the bot as it is read: plain words, and the rows of its buttons."""

    words: str
    has_photo: bool
    rows: tuple[tuple[str, ...], ...]

    def lines(self, *, edited: bool) -> list[str]:
        above = ["(photo)"] if self.has_photo else []
        words = self.words.translate(_SPACES).split("\n")
        rows = [" ".join(f"[{text.translate(_SPACES)}]" for text in row) for row in self.rows]
        first, *rest = [*above, *words, *rows]
        return [f"~ {first}" if edited else first, *rest]


class Stage(Protocol):
    """Where a script is played. People are named by their first names."""

    def enter(self, who: str, language: str) -> None: ...

    def say(self, who: str, text: str) -> None: ...

    def press(self, who: str, message_id: int, button: str) -> None: ...

    def send_photos(self, who: str, number: int, caption: str) -> None: ...

    def pay(self, who: str, message_id: int) -> None: ...

    def look(self, who: str, query: str) -> list[tuple[str, str]]:
        """Of each offer of the bot title and description, as they stand in the list."""

    def wait(self, seconds: int) -> None: ...

    def settle(self) -> None:
        """Everything that is on its way has arrived."""

    def messages(self, who: str) -> Mapping[int, Shown]:
        """Of the bot, by number; invoices are the ones whose first button pays."""

    def toasts(self, who: str) -> list[str]:
        """All so far."""


class LeftTheScript(AssertionError):
    """The bot said something else."""


@dataclass
class _Seen:
    messages: dict[int, Shown] = field(default_factory=dict)
    toasts: int = 0


class Play:
    """A script on a stage. `transcript` is what was really said."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._seen: dict[str, _Seen] = {}
        self._steps: Counter[str] = Counter()
        self.transcript: list[str] = []

    def perform(self, script: str) -> None:
        """Raises LeftTheScript at the first answer that is another one, ValueError for a line that means nothing."""
        lines = [line.rstrip() for line in script.splitlines()]
        at = 0
        while at < len(lines):
            line, at = lines[at], at + 1
            if not line or line.startswith("#"):
                continue
            expected = []
            while at < len(lines) and (lines[at].startswith("    ") or not lines[at]):
                expected.append(lines[at].removeprefix("    "))
                at += 1
            self._act(line, _stripped(expected))

    def _act(self, line: str, expected: list[str]) -> None:
        self.transcript.append(line)
        who = self._done(line)
        if who is None:
            return
        if found := _LOOKS.fullmatch(line):
            said = _listed(self._stage.look(who, found[2]))
        else:
            self._stage.settle()
            said = self._changes(who)
        self.transcript += [f"    {each}" for each in said]
        if not _matches(expected, said):
            wanted, told = ("\n".join(f"    {each}" for each in lines) for lines in (expected, said))
            raise LeftTheScript(f"{line}\nthe script says\n{wanted}\nthe bot says\n{told}")

    def _done(self, line: str) -> str | None:
        """Do what a line says; answers whose chat is to be looked at."""
        stage = self._stage
        if found := _SPEAKS.fullmatch(line):
            stage.enter(found[1], found[2])
            self._seen[found[1]] = _Seen()
            return None
        if found := _PASS.fullmatch(line):
            stage.wait(int(found[1]) * _SECONDS[found[2]])
            return None
        if found := _NEEDED.fullmatch(line):
            if self._steps[found[1]] != int(found[2]):
                raise LeftTheScript(f"{line}, in truth {self._steps[found[1]]}")
            return None
        if found := _HEARS.fullmatch(line) or _LOOKS.fullmatch(line):
            return found[1]
        return self._step(line)

    def _step(self, line: str) -> str:
        stage = self._stage
        if found := _PRESSES.fullmatch(line):
            stage.press(found[1], *self._button(found[1], found[2]))
        elif found := _SENDS.fullmatch(line):
            stage.send_photos(found[1], int(found[2]), found[3] or "")
        elif found := _PAYS.fullmatch(line):
            stage.pay(found[1], max(stage.messages(found[1])))
        elif found := _SAYS.fullmatch(line):
            stage.say(found[1], found[2].replace("\\n", "\n"))
        else:
            raise ValueError(f"no line of a script: {line}")
        self._steps[found[1]] += 1
        return found[1]

    def _button(self, who: str, label: str) -> tuple[int, str]:
        shown = self._stage.messages(who)
        for number in sorted(shown, reverse=True):
            for text in (text for row in shown[number].rows for text in row):
                if _line_matches(label, text.translate(_SPACES)):
                    return number, text
        raise LeftTheScript(f"{who} has no button {label}")

    def _changes(self, who: str) -> list[str]:
        seen, now = self._seen[who], dict(self._stage.messages(who))
        toasts = self._stage.toasts(who)
        parts = [[f"(!) {text.translate(_SPACES)}"] for text in toasts[seen.toasts :] if text]
        for number in sorted(now):
            if number not in seen.messages:
                parts.append(now[number].lines(edited=False))
            elif now[number] != seen.messages[number]:
                parts.append(now[number].lines(edited=True))
        self._seen[who] = _Seen(now, len(toasts))
        return [line for number, part in enumerate(parts) for line in (["--"] if number else []) + part]


def _listed(offers: list[tuple[str, str]]) -> list[str]:
    parts = [[text.translate(_SPACES) for text in (title, *about.split("\n"))] for title, about in offers]
    return [line for number, part in enumerate(parts) for line in (["--"] if number else []) + part]


def _stripped(lines: list[str]) -> list[str]:
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines


def _matches(expected: list[str], said: list[str]) -> bool:
    return _all_match(_messages(expected), _messages(said))


def _messages(lines: list[str]) -> list[list[str]]:
    """Split at the lines between them; none of no lines."""
    found: list[list[str]] = [[]] if lines else []
    for line in lines:
        if line == "--":
            found.append([])
        else:
            found[-1].append(line)
    return found


def _all_match(expected: list[list[str]], said: list[list[str]]) -> bool:
    """Each message has its own; those of anything take what is left."""
    rest = [each for each in expected if each != ["*"]]
    if not rest:
        return len(expected) > 0 or all(each[0].startswith("~ ") for each in said)
    others = [["*"]] * (len(expected) - len(rest))
    first, *more = rest
    return any(
        _is_like(first, each) and _all_match([*more, *others], said[:at] + said[at + 1 :])
        for at, each in enumerate(said)
    )


def _is_like(expected: list[str], said: list[str]) -> bool:
    if not expected:
        return not said
    first, *rest = expected
    if first == "*":
        return any(_is_like(rest, said[at:]) for at in range(len(said) + 1))
    return bool(said) and _line_matches(first, said[0]) and _is_like(rest, said[1:])


def _line_matches(pattern: str, line: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), line) is not None
