"""What people write to each other: kept as typed, but for the blanks around it; surfaces escape it."""

from __future__ import annotations

from starbid.domain.errors import Invalid


def read_text(field: str, text: str, least: int, most: int) -> str:
    """`text` without the blanks around it, `least` to `most` characters; raises Invalid ("text", "length")."""
    text = text.replace("\r\n", "\n").strip()
    if not is_storable(text):
        raise Invalid(field, "text")
    if not least <= len(text) <= most:
        raise Invalid(field, "length", least=least, most=most)
    return text


def is_storable(text: str) -> bool:
    """False for NUL and for halves of surrogate pairs, which JSON can smuggle in and UTF-8 cannot carry."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
