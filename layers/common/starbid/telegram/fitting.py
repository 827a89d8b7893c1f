"""Texts of ours that would be longer than Telegram takes: lists are made to fit, and what was overlooked is cut."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from starbid.i18n import Language
from starbid.telegram.html import MAX_TEXT, cut, escape, parsed_units, units

_PIECES = re.compile(r"(<[^>]*>)")
_LEFT_OUT = "\n…"


@dataclass(frozen=True, slots=True)
class Part:
    """One list of a message, in Telegram's HTML: a head, and a line for each thing. A line may have breaks in it."""

    head: str
    lines: tuple[str, ...]


def fitted(parts: Sequence[Part], words: Language, most: int = MAX_TEXT) -> str:
    """The parts as one text of at most `most` units. Where all is too much, the last lines of each are left out, as
    many of each as is fair, and it says how many. The heads have to fit, with a line for each.
    """
    kept = [0] * len(parts)
    for rank in range(max((len(part.lines) for part in parts), default=0)):
        for at, part in enumerate(parts):
            if kept[at] == rank < len(part.lines):
                kept[at] += 1
                if parsed_units(_text(parts, kept, words)) > most:
                    kept[at] -= 1
    return _text(parts, kept, words)


def _text(parts: Sequence[Part], kept: Sequence[int], words: Language) -> str:
    return "\n\n".join(_shown(part, number, words) for part, number in zip(parts, kept, strict=True))


def _shown(part: Part, kept: int, words: Language) -> str:
    left = len(part.lines) - kept
    more = (words.ngettext("And {n} more.", "And {n} more.", left),) if left else ()
    return "\n".join((part.head, *part.lines[:kept], *more))


def shortened(markup: str, most: int = MAX_TEXT) -> str:
    """HTML of ours as it is, where it has no more than `most` units; else its whole lines that fit, or the beginning of
    a single one, with its tags closed and an ellipsis.
    """
    if units(markup) <= most or parsed_units(markup) <= most:
        return markup
    room, whole, begun = most - units(_LEFT_OUT), "", ""
    lines = markup.split("\n")
    for number in range(1, len(lines) + 1):
        begun = "\n".join(lines[:number])
        if parsed_units(begun) > room:
            break
        whole = begun
    if whole.strip():
        return _closed(whole) + _LEFT_OUT
    return _closed(_beginning(begun, most))


def _beginning(markup: str, most: int) -> str:
    """So many units of it, the ellipsis among them; tags are left whole."""
    kept, room = list[str](), most - 1
    for piece in _PIECES.split(markup):
        said = "" if _PIECES.fullmatch(piece) else html.unescape(piece)
        if units(said) > room:
            return "".join(kept) + escape(cut(f"{said}…", room + 1))
        kept.append(piece)
        room -= units(said)
    return "".join(kept)


def _closed(markup: str) -> str:
    """With an end for each tag that has none."""
    opened = list[str]()
    for tag in _PIECES.findall(markup):
        name = tag.strip("</>").split()[0]
        if not tag.startswith("</"):
            opened.append(name)
        elif opened:
            opened.pop()
    return markup + "".join(f"</{name}>" for name in reversed(opened))
