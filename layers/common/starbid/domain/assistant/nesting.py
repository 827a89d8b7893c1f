"""Marks that lie as Telegram takes them, and the walk over a text and its marks.

Bot API, "Formatting options": of two entities with a character in common one contains the other; quotes are not nested;
code and blocks of code contain nothing and are part of nothing but a quote; a link contains no link.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from starbid.domain.assistant.formatted import Formatted, Look, Mark

_ORDER = (
    Look.QUOTE, Look.LINK, Look.BOLD, Look.ITALIC, Look.UNDERLINE, Look.STRIKETHROUGH, Look.SPOILER, Look.CODE, Look.PRE
)  # fmt: skip
"""Of marks of the same characters, from the outermost on."""
_RANK = {look: rank for rank, look in enumerate(_ORDER)}
_MONOSPACED = frozenset({Look.CODE, Look.PRE})
_WHOLE = frozenset({Look.LINK, Look.CODE, Look.PRE})
"""None of these is part of another of these."""


@dataclass(frozen=True, slots=True)
class Edge:
    """Where a mark begins or ends."""

    mark: Mark
    begins: bool


def in_order(marks: Iterable[Mark]) -> list[Mark]:
    """As they begin, what contains before what it contains."""
    return sorted(marks, key=_place)


def walk(formatted: Formatted) -> Iterator[str | Edge]:
    """The text in pieces, none empty, and between them where marks begin and end, properly nested."""
    at, around = 0, list[Mark]()
    for mark in (*in_order(formatted.marks), None):
        while around and (mark is None or around[-1].end <= mark.start):
            ending = around.pop()
            yield from _piece(formatted.text, at, ending.end)
            yield Edge(ending, begins=False)
            at = ending.end
        begin = len(formatted.text) if mark is None else mark.start
        yield from _piece(formatted.text, at, begin)
        at = begin
        if mark is not None:
            around.append(mark)
            yield Edge(mark, begins=True)


def excerpt(formatted: Formatted, start: int, end: int) -> Formatted:
    """Characters `start` to `end` with their marks, those that go on beyond clipped."""
    return Formatted(formatted.text[start:end], clipped(formatted.text, formatted.marks, start, end))


def clipped(text: str, marks: Iterable[Mark], start: int, end: int) -> tuple[Mark, ...]:
    """The marks of an excerpt; none of blanks alone, which Telegram drops."""
    inside = (replace(mark, start=max(mark.start, start), end=min(mark.end, end)) for mark in marks)
    return tuple(
        replace(mark, start=mark.start - start, end=mark.end - start)
        for mark in inside
        if mark.start < mark.end and not text[mark.start : mark.end].isspace()
    )


def put_right(text: str, marks: Iterable[Mark]) -> Formatted:
    """The text with marks that may overlap in any way: each keeps what it can of its place."""
    marks = _trimmed(text, marks)
    quotes = _united([mark for mark in marks if mark.look is Look.QUOTE])
    edges = _edges(quotes)
    whole = [part for mark in _apart(marks) for part in _cut(mark, edges)]
    code = [mark for mark in whole if mark.look in _MONOSPACED]
    bounds = sorted({*edges, *_edges(code)})
    styles = [part for mark in _styles(marks) for part in _cut(mark, bounds) if not _is_in(part, code)]
    nested = _nested(_trimmed(text, [*quotes, *whole, *styles]))
    return Formatted(text, tuple(in_order(_trimmed(text, nested))))


def _place(mark: Mark) -> tuple[int, int, int]:
    return mark.start, -mark.end, _RANK[mark.look]


def _piece(text: str, start: int, end: int) -> Iterator[str]:
    if start < end:
        yield text[start:end]


def _trimmed(text: str, marks: Iterable[Mark]) -> list[Mark]:
    """Within the text, without the blanks at the edges; the indent of a block of code is part of it."""
    kept = []
    for mark in marks:
        start, end = max(mark.start, 0), min(mark.end, len(text))
        while start < end and text[end - 1].isspace():
            end -= 1
        while start < end and text[start].isspace() and mark.look is not Look.PRE:
            start += 1
        if start < end:
            kept.append(replace(mark, start=start, end=end))
    return kept


def _united(marks: list[Mark], *, touching: bool = False) -> list[Mark]:
    """Marks of one look; those that overlap (or touch) are one."""
    found: list[Mark] = []
    for mark in in_order(marks):
        if found and (mark.start < found[-1].end or (touching and mark.start == found[-1].end)):
            found[-1] = replace(found[-1], end=max(found[-1].end, mark.end))
        else:
            found.append(mark)
    return found


def _apart(marks: list[Mark]) -> list[Mark]:
    """Links and code, without those that begin within another one: their words stay."""
    found: list[Mark] = []
    for mark in in_order(marks):
        if mark.look in _WHOLE and (not found or found[-1].end <= mark.start):
            found.append(mark)
    return found


def _styles(marks: list[Mark]) -> Iterator[Mark]:
    for look in _ORDER:
        if look not in _WHOLE and look is not Look.QUOTE:
            yield from _united([mark for mark in marks if mark.look is look], touching=True)


def _edges(marks: list[Mark]) -> list[int]:
    return sorted({edge for mark in marks for edge in (mark.start, mark.end)})


def _cut(mark: Mark, places: list[int]) -> Iterator[Mark]:
    """The mark in parts, cut at those of the sorted places that lie within."""
    inner = places[bisect_right(places, mark.start) : bisect_left(places, mark.end)]
    for start, end in pairwise((mark.start, *inner, mark.end)):
        yield replace(mark, start=start, end=end)


def _is_in(mark: Mark, others: list[Mark]) -> bool:
    """Whether it begins within one of the others, which follow each other."""
    before = bisect_right(others, mark.start, key=lambda other: other.start)
    return before > 0 and mark.start < others[before - 1].end


def _nested(marks: Iterable[Mark]) -> Iterator[Mark]:
    """In order; a mark that goes on beyond the one that it begins in is cut in two."""
    waiting = [(_place(mark), mark) for mark in marks]
    heapq.heapify(waiting)
    ends: list[int] = []
    while waiting:
        _, mark = heapq.heappop(waiting)
        while ends and ends[-1] <= mark.start:
            ends.pop()
        if not ends or mark.end <= ends[-1]:
            ends.append(mark.end)
            yield mark
            continue
        for part in _cut(mark, [ends[-1]]):
            heapq.heappush(waiting, (_place(part), part))
