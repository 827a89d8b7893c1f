"""Where a text may be cut: between characters as people see them, never inside an emoji of a family or a flag.

The rules of Unicode's grapheme clusters (UAX #29), from what `unicodedata` knows. Where that is less than the standard
uses, two characters count as one: a text is then cut a little earlier, and never inside a character.
"""

from __future__ import annotations

import unicodedata

_JOINER = "\u200d"
_ALSO_EXTENDING = frozenset("\u200c\u200d\u0e33\u0eb3\uff9e\uff9f")
"""Joiners, two vowels of Thai and Lao, and the marks of half-width Japanese."""
_VIRAMA = 9
"""The combining class of the marks that join two consonants of an Indian script."""
_MARKS = frozenset({"Mn", "Me", "Mc"})
_SKINS, _FLAGS, _TAGS = ("\U0001f3fb", "\U0001f3ff"), ("\U0001f1e6", "\U0001f1ff"), ("\U000e0020", "\U000e007f")
_LEADING = (("\u1100", "\u115f"), ("\ua960", "\ua97c"))
_FOLLOWING = (("\u1160", "\u11ff"), ("\ud7b0", "\ud7fb"))
_SYLLABLES = ("\uac00", "\ud7a3")
_PREPENDED = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e\U000110bd\U000110cd\U000111c2\U000111c3"
    "\U000113d1\U0001193f\U00011941\U00011a3a\U00011a84\U00011a85\U00011a86\U00011a87\U00011a88\U00011a89\U00011d46"
    "\U00011f02"
)


def whole(text: str, most: int) -> str:
    """The first characters of a text, each of them whole, in at most `most` code points."""
    at = min(max(most, 0), len(text))
    while 0 < at < len(text) and _joined(text, at):
        at -= 1
    return text[:at]


def shortened(text: str, most: int) -> str:
    """In at most `most` code points, with an ellipsis where something is missing."""
    return text if len(text) <= most else whole(text, most - 1).rstrip() + "…"


def _joined(text: str, at: int) -> bool:
    """Whether what stands before and behind this place is one character."""
    before, behind = text[at - 1], text[at]
    if before < "\u0300" > behind:
        return (before, behind) == ("\r", "\n")
    if before in "\r\n":
        return False
    return (
        _extends(behind)
        or before == _JOINER
        or before in _PREPENDED
        or _is_one_syllable(before, behind)
        or (_is_in(behind, _FLAGS) and _flags_before(text, at) % 2 == 1)
        or (unicodedata.category(behind) == "Lo" and _has_virama(text, at))
    )


def _extends(mark: str) -> bool:
    return unicodedata.category(mark) in _MARKS or mark in _ALSO_EXTENDING or _is_in(mark, _SKINS, _TAGS)


def _is_one_syllable(before: str, behind: str) -> bool:
    """Of Korean letters: a leading consonant joins what follows it, a vowel or a final one what stands before it."""
    if _is_in(before, *_LEADING):
        return _is_in(behind, *_LEADING, *_FOLLOWING, _SYLLABLES)
    return _is_in(behind, *_FOLLOWING) and _is_in(before, *_FOLLOWING, _SYLLABLES)


def _flags_before(text: str, at: int) -> int:
    """How many letters of flags stand in a row before this place; two make a flag."""
    start = at
    while start and _is_in(text[start - 1], _FLAGS):
        start -= 1
    return at - start


def _has_virama(text: str, at: int) -> bool:
    """Whether the marks before this place join a consonant to the next."""
    while at and _extends(text[at - 1]):
        at -= 1
        if unicodedata.combining(text[at]) == _VIRAMA:
            return True
    return False


def _is_in(mark: str, *spans: tuple[str, str]) -> bool:
    return any(first <= mark <= last for first, last in spans)
