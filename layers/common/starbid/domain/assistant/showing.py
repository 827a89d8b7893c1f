"""What may be shown of a text that nobody vouches for: no character that cannot be seen and steers what can."""

from __future__ import annotations

import re
import unicodedata

_BREAKS = re.compile("\r\n?|\u2028")
_UNSEEN = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
"""Controls but for tabs and line breaks, marks of direction, blanks without width, fillers, no characters at all."""
_FLAG = "\U0001f3f4[\U000e0020-\U000e007e]{1,7}\U000e007f"
"""Flags of regions, as Scotland's: the only use of tags that leaves something on the page."""
_FLAG_OR_UNSEEN = re.compile(f"({_FLAG})|{_UNSEEN}")
_JOINERS = re.compile("[\u200c\u200d]+")
_STYLES = re.compile("([\ufe00-\ufe0f])[\ufe00-\ufe0f]+")
"""More than one variation selector in a row shows nothing and can carry anything."""
_BEFORE_JOINER = frozenset({"Lo", "Mn", "Mc", "So", "Sk"})
_AFTER_JOINER = frozenset({"Lo", "Mn", "Mc", "So"})
"""Letters without case (Arabic, Indian scripts) and their marks, emoji with their colours of skin."""


def shown(text: str) -> str:
    """Without what turns the direction of words, hides between letters or controls a terminal. Joiners stay where
    scripts and emoji need them. Halves of surrogate pairs are joined, or replaced.
    """
    text = _FLAG_OR_UNSEEN.sub(_flag, _BREAKS.sub("\n", _whole_pairs(text).replace("\u2029", "\n\n")))
    return _STYLES.sub(r"\1", _JOINERS.sub(_joiner, text))


def _whole_pairs(text: str) -> str:
    """JSON can smuggle in halves of pairs, which UTF-8 cannot carry."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _flag(match: re.Match[str]) -> str:
    return match[1] or ""


def _joiner(match: re.Match[str]) -> str:
    """The first of some joiners, if what stands around them is joined; none between letters of other scripts."""
    text, start, end = match.string, match.start(), match.end()
    if not start or end == len(text):
        return ""
    joins = unicodedata.category(text[start - 1]) in _BEFORE_JOINER and unicodedata.category(text[end]) in _AFTER_JOINER
    return match[0][0] if joins else ""
