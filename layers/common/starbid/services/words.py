"""Word forms for search: Russian and English stems."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

_WORD = re.compile(r"[a-zа-яё0-9]{2,30}")
_CYRILLIC = re.compile(r"[а-яё]")
MOST_WORDS = 120
"""Stems kept of one lot; keeps a listing small."""


def stems(text: str) -> tuple[str, ...]:
    """The distinct stems of a text in their order, lower case, ё as е."""
    found = (_stem(word) for word in _WORD.findall(text.lower().replace("ё", "е")))
    return tuple(dict.fromkeys(found))[:MOST_WORDS]


def _stem(word: str) -> str:
    language = "russian" if _CYRILLIC.search(word) else "english"
    return str(_stemmer(language).stemWord(word))


@cache
def _stemmer(language: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer(language)
