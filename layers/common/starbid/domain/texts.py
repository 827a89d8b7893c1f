"""What people write to each other: kept as typed, but for the blanks around it; surfaces escape it.

Titles and names are one line.
"""

from __future__ import annotations

from starbid.domain.errors import Invalid

_STEERING = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
"""Turn the direction of what follows them, on the same line beyond the text they stand in."""


def read_text(field: str, text: str, least: int, most: int) -> str:
    """`text` without the blanks around it, `least` to `most` characters; raises Invalid ("text", "length")."""
    text = text.replace("\r\n", "\n").strip()
    if not is_storable(text):
        raise Invalid(field, "text")
    if not least <= len(text) <= most:
        raise Invalid(field, "length", least=least, most=most)
    return text


def one_line(text: str) -> str:
    """A title or a name: on one line, without control characters and marks that would turn round the words after it.

    "" where there is nothing to see.
    """
    kept = "".join(" " if mark.isspace() else mark for mark in text if mark.isspace() or not _is_control(mark))
    line = " ".join(kept.split())
    return line if any(mark.isprintable() and mark != " " for mark in line) else ""


def _is_control(mark: str) -> bool:
    return ord(mark) in _STEERING or mark < " " or "\x7f" <= mark <= "\x9f"


def is_storable(text: str) -> bool:
    """False for NUL and for halves of surrogate pairs, which JSON can smuggle in and UTF-8 cannot carry."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
