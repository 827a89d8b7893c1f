"""A formatted text in messages: cut where a reader would pause, marks closed and opened again."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from starbid.domain.assistant.formatted import Formatted, Look, Mark
from starbid.domain.assistant.nesting import clipped, in_order
from starbid.domain.graphemes import whole
from starbid.domain.texts import shows

_PAUSES = (
    re.compile(r"(?=\n\n)"),
    re.compile(r"(?=\n)"),
    re.compile(r"""[.!?…]+["»”’)\]]*(?=\s)|[。！？][」』）]*"""),
    re.compile(r"(?=\s)"),
)
"""Ends of paragraphs, lines, sentences and words; the best first."""
_LINE = 1
_LOOKAHEAD = 2
_LEAST_SHARE = 4
"""A message is a quarter full at least, if a lesser pause allows that: no heading alone before a long paragraph."""


def split(formatted: Formatted, longest: int) -> tuple[Formatted, ...]:
    """In parts of at most `longest` (2 or more) UTF-16 units, in which something can be seen; no white space at the
    cuts, but for the indent of code. Links, code and what else has a mark are cut only if nothing around them can be.
    """
    text, waiting, going_on = formatted.text, in_order(formatted.marks)[::-1], list[Mark]()
    parts = []
    for start, end in _spans(text, _Bounds.of(formatted, longest), longest):
        while waiting and waiting[-1].start < end:
            going_on.append(waiting.pop())
        if shows(text[start:end]):
            parts.append(Formatted(text[start:end], clipped(text, going_on, start, end)))
        going_on = [mark for mark in going_on if mark.end > end]
    return tuple(parts)


def units(text: str) -> int:
    """Length as Telegram counts it: an emoji is two."""
    return len(text) + sum(mark > "\uffff" for mark in text)


@dataclass(frozen=True, slots=True)
class _Spans:
    """Parts of a text that follow each other."""

    starts: list[int]
    ends: list[int]

    def around(self, place: int) -> tuple[int, int] | None:
        """The one that this place is inside of, not at its edge."""
        number = bisect_left(self.starts, place) - 1
        return (self.starts[number], self.ends[number]) if number >= 0 and place < self.ends[number] else None

    def edges(self, after: int, most: int) -> list[int]:
        """Where one begins or ends, behind `after` and up to `most`."""
        return [
            edge
            for edges in (self.starts, self.ends)
            for edge in edges[bisect_right(edges, after) : bisect_right(edges, most)]
        ]

    def next_start(self, place: int, otherwise: int) -> int:
        """Where the first begins that does not begin before this place."""
        number = bisect_left(self.starts, place)
        return self.starts[number] if number < len(self.starts) else otherwise


@dataclass(frozen=True, slots=True)
class _Bounds:
    """What is in the way of a cut."""

    blocks: _Spans
    """Blocks of code."""
    kept: _Spans
    """What would fit into one part: marks, and the lines of a block that does not fit."""
    lines: _Spans
    """Of those, blocks and their lines, which are never cut."""

    @classmethod
    def of(cls, formatted: Formatted, longest: int) -> _Bounds:
        blocks = [mark for mark in in_order(formatted.marks) if mark.look is Look.PRE]
        lines = [span for mark in blocks for span in _lines(formatted.text, mark.start, mark.end, longest)]
        inline = ((m.start, m.end) for m in formatted.marks if m.look not in (Look.PRE, Look.QUOTE))
        fitting = [(start, end) for start, end in inline if units(formatted.text[start:end]) <= longest]
        return cls(
            _outermost([(mark.start, mark.end) for mark in blocks]), _outermost(lines + fitting), _outermost(lines)
        )


def _lines(text: str, start: int, end: int, longest: int) -> list[tuple[int, int]]:
    """A block that fits as it is, else those of its lines that fit."""
    if units(text[start:end]) <= longest:
        return [(start, end)]
    found = [(start + line.start(), start + line.end()) for line in re.finditer(r"[^\n]+", text[start:end])]
    return [(first, last) for first, last in found if units(text[first:last]) <= longest]


def _outermost(spans: list[tuple[int, int]]) -> _Spans:
    starts, ends = list[int](), list[int]()
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not ends or ends[-1] <= start:
            starts.append(start)
            ends.append(end)
    return _Spans(starts, ends)


def _spans(text: str, bounds: _Bounds, longest: int) -> Iterator[tuple[int, int]]:
    """Where each part begins and ends."""
    start = _begin(text, 0, bounds)
    while start < len(text):
        reach = _reach(text, start, longest)
        end = reach if reach == len(text) else _end(text, start, reach, bounds)
        yield start, start + len(text[start:end].rstrip())
        start = _begin(text, end, bounds)


def _begin(text: str, at: int, bounds: _Bounds) -> int:
    """Where the part begins that follows a cut: behind white space, but before the indent of code."""
    if bounds.blocks.around(at):
        return at + (text[at] == "\n")
    most = bounds.blocks.next_start(at, len(text))
    while at < most and text[at].isspace():
        at += 1
    return at


def _reach(text: str, start: int, longest: int) -> int:
    """The last place that a part may end at."""
    end = min(start + longest, len(text))
    used = units(text[start:end])
    while used > longest:
        end -= 1
        used -= units(text[end])
    return end


def _end(text: str, start: int, reach: int, bounds: _Bounds) -> int:
    """The best place to cut at."""
    pauses = [_places(text, pause, start, reach) for pause in _PAUSES]
    pauses[_LINE] = sorted({*pauses[_LINE], *bounds.blocks.edges(start, reach)})
    for kept in (bounds.kept, bounds.lines):
        for least in (start + (reach - start) // _LEAST_SHARE, start):
            for places in pauses:
                for place in reversed(places):
                    if place <= least:
                        break
                    if not kept.around(place):
                        return place
    return start + (len(whole(text[start : reach + 1], reach - start)) or reach - start)


def _places(text: str, pause: re.Pattern[str], start: int, reach: int) -> list[int]:
    ends = (found.end() for found in pause.finditer(text, start + 1, min(reach + _LOOKAHEAD, len(text))))
    return [end for end in ends if start < end <= reach]
