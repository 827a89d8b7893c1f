"""An answer as it is shown: plain text, and which parts of it look how."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Look(StrEnum):
    """How a part of a text looks. A heading is bold; a list is written with bullets in the text itself."""

    BOLD = "bold"
    ITALIC = "italic"
    UNDERLINE = "underline"
    STRIKETHROUGH = "strikethrough"
    SPOILER = "spoiler"
    CODE = "code"
    PRE = "pre"
    """A block of code; `Mark.language` may name what it is written in."""
    QUOTE = "blockquote"
    LINK = "text_link"
    """`Mark.url` is where it leads: http, https or tg, nothing else."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a text, from `start` on and before `end`, in characters (code points)."""

    look: Look
    start: int
    end: int
    url: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Formatted:
    """`marks` lie within `text`, are not empty, and do not cross each other; they may be nested."""

    text: str
    marks: tuple[Mark, ...] = ()


NOTHING = Formatted("")
