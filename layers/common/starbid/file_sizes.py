"""How large a file is, in words: the same on pages and in the chat."""

from __future__ import annotations

from starbid.i18n import Language

_KILO = 1000


def size_words(size: int | None, words: Language) -> str:
    """`640 KB`, `3.2 MB`, in thousands as Telegram's limits are; "" where it is not known."""
    if size is None:
        return ""
    if size < _KILO * _KILO:
        return words._("{size} KB", size=words.number(max(1, round(size / _KILO))))
    tenths = round(size / (_KILO * _KILO) * 10)
    return words._("{size} MB", size=words.number(tenths // 10) + words.decimal(f".{tenths % 10}"))
