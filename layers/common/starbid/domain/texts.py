"""What people write to each other: kept as typed, but for the blanks around it; surfaces escape it.

Titles and names are one line. What is required has something to see in it: a link of blanks alone cannot be found, let
alone pressed. That is judged by what a reader sees, not by the category of a character: the filler of Hangul is a
letter, and the sign of an Arabic year is a format character.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from itertools import chain

from starbid.domain.errors import Invalid

_STEERING = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
"""Turn the direction of what follows them, on the same line beyond the text they stand in."""
_UNSEEN = (
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x2800, 0x2800), (0x3164, 0x3164), (0xFDD0, 0xFDEF),
    (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFC), (0x13430, 0x13440), (0x13441, 0x13442),
    (0x1BCA0, 0x1BCA3), (0x1D159, 0x1D159), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
"""Code points that leave nothing on the page: Default_Ignorable_Code_Point of Unicode 16 (DerivedCoreProperties.txt),
and what has a glyph without ink or stands for something else: the blank of Braille (2800), what annotates (FFF9..FFFB)
or replaces (FFFC), joiners and blanks of hieroglyphs (13430..13442), the null note head (1D159), no characters (FDD0).
"""
_BOUNDS = tuple(chain.from_iterable((first, last + 1) for first, last in _UNSEEN))
_JOINING = frozenset("\u200c\u200d\ufe0e\ufe0f")
"""Of those, what letters and emoji are put together with."""
_NO_INK = {"Cc", "Cs", "Co", "Zs", "Zl", "Zp"}
"""Categories of which no character shows anything that all readers see."""
_NOTHING = frozenset((0xFFFE, 0xFFFF))
"""The ends of each plane are no characters."""


def read_text(field: str, text: str, least: int, most: int) -> str:
    """`text` without the blanks around it, `least` to `most` characters; raises Invalid ("text", "length", "unseen").

    Where it may be empty, one that shows nothing is.
    """
    text = text.replace("\r\n", "\n").strip()
    if not is_storable(text):
        raise Invalid(field, "text")
    if not least and not shows(text):
        return ""
    require_length(field, text, least, most)
    return text


def require_length(field: str, text: str, least: int, most: int) -> None:
    """`most` counts every character, `least` those that can be seen; raises Invalid ("length", "unseen")."""
    if text and not shows(text):
        raise Invalid(field, "unseen")
    if not least <= len(text) <= most or (least > 1 and seen_length(text) < least):
        raise Invalid(field, "length", least=least, most=most)


def one_line(text: str) -> str:
    """A title or a name: on one line, without control characters and marks that would turn round the words after it.

    "" where there is nothing to see.
    """
    line = flat(text)
    return line if shows(line) else ""


def flat(text: str) -> str:
    """The same line, whether or not there is something to see."""
    kept = "".join(" " if mark.isspace() else mark for mark in text if mark.isspace() or not _is_control(mark))
    return " ".join(kept.split())


def shows(text: str) -> bool:
    """Whether a reader sees anything of it."""
    return any(map(_has_ink, text))


def seen_length(text: str) -> int:
    """How many characters add to what is seen: letters and signs, the marks that stand on them, one that joins or
    styles what it follows, the blanks between.
    """
    count, blank, after_ink = 0, False, False
    for mark in text:
        if _has_ink(mark):
            count += 1 + blank
            blank, after_ink = False, True
        elif mark.isspace():
            blank, after_ink = count > 0, False
        elif unicodedata.category(mark)[0] == "M" and not _is_unseen(mark):
            count += count > 0 and not blank
        else:
            count += after_ink and mark in _JOINING
            after_ink = False
    return count


def _has_ink(mark: str) -> bool:
    """Whether a character shows something by itself: a combining mark on nothing does not."""
    category = unicodedata.category(mark)
    return not (category in _NO_INK or category[0] == "M" or _is_unseen(mark) or ord(mark) & 0xFFFF in _NOTHING)


def _is_unseen(mark: str) -> bool:
    return bool(bisect_right(_BOUNDS, ord(mark)) % 2)


def is_steering(text: str) -> bool:
    """Whether it turns the direction of what is read."""
    return any(ord(mark) in _STEERING for mark in text)


def without_unseen(text: str) -> str:
    """Without the characters that leave nothing on the page."""
    return "".join(mark for mark in text if not _is_unseen(mark))


def _is_control(mark: str) -> bool:
    return ord(mark) in _STEERING or mark < " " or "\x7f" <= mark <= "\x9f"


def mended(text: str) -> str:
    """A text that came in pieces, as it can be stored: halves of surrogate pairs that a stream has torn apart are one
    character again, a half that stays alone is U+FFFD; NUL is left out.
    """
    if is_storable(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\x00", "")


def as_text(value: object) -> str:
    """What another program says is a text, as it can be stored; "" for anything else."""
    return mended(value) if isinstance(value, str) else ""


def is_storable(text: str) -> bool:
    """False for NUL and for halves of surrogate pairs, which JSON can smuggle in and UTF-8 cannot carry."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
