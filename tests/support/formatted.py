"""Formatted texts of any shape, and the rules of the Bot API that their marks keep ("Formatting options")."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from hypothesis import strategies as st

from starbid.domain.assistant.formatted import Formatted, Look, Mark
from starbid.domain.assistant.nesting import put_right

CODE = {Look.CODE, Look.PRE}
PIECES = (
    "a",
    "слово",
    "Two. ",
    "end! ",
    " ",
    "  ",
    "\n",
    "\n\n",
    "👨‍👩‍👧",
    "🇷🇺",
    "e\u0301",
    "<b>&amp;</b>",
    "x" * 50,
    '"',
    "。",
)
texts = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@st.composite
def marks_of(draw: st.DrawFn, text: str) -> list[Mark]:
    """Marks anywhere, some of them beyond the text."""
    place = st.integers(0, len(text) + 2)
    found = []
    for look in draw(st.lists(st.sampled_from(Look), max_size=8)):
        start, end = sorted((draw(place), draw(place)))
        url = "https://example.org/?a=1&b='2'" if look is Look.LINK else ""
        language = draw(st.sampled_from(("", "py"))) if look is Look.PRE else ""
        found.append(Mark(look, start, end, url, language))
    return found


@st.composite
def formatted_texts(draw: st.DrawFn) -> Formatted:
    text = draw(texts)
    return put_right(text, draw(marks_of(text)))


def flaws(formatted: Formatted) -> Iterator[str]:
    """What Telegram would not take as it is."""
    for mark in formatted.marks:
        if not 0 <= mark.start < mark.end <= len(formatted.text):
            yield f"{mark} is not within the text"
        elif formatted.text[mark.start : mark.end].isspace():
            yield f"{mark} marks nothing that can be seen"
    for one, other in combinations(formatted.marks, 2):
        if one.start < other.end and other.start < one.end:
            yield from _flaws_of_two(*sorted((one, other), key=lambda mark: mark.start - mark.end))


def _flaws_of_two(outer: Mark, inner: Mark) -> Iterator[str]:
    pair = f"{outer} and {inner}"
    looks = {outer.look, inner.look}
    if not outer.start <= inner.start < inner.end <= outer.end:
        yield f"{pair} cross"
    if len(looks) == 1:
        yield f"{pair} look alike"
    if looks & CODE and Look.QUOTE not in looks:
        yield f"{pair}: code is a part of nothing but a quote"
    if Look.QUOTE in looks and outer.look is not Look.QUOTE and (outer.start, outer.end) != (inner.start, inner.end):
        yield f"{pair}: a quote is within another mark"
