"""One spelling of a text, however it was typed: only for searching, never shown."""

from __future__ import annotations

import re
import unicodedata

_SIGNS = re.compile("[™℠®©№°]")
"""Stand beside words. NFKC would make letters of them, which then belong to the word: `Apple™` would be `appletm`."""
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Default_Ignorable_Code_Point of Unicode: soft hyphens, joiners, variation selectors and the like."""
_POSSESSIVE = re.compile(r"['’ʼ＇]s\b", re.IGNORECASE)
_APOSTROPHE = re.compile(r"(?<=\w)['’ʼ＇](?=\w)")
_MARKS = re.compile(
    "([иу]\u0306|і\u0308|[гк]\u0301)|[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u0652\u0670\u20d0-\u20ff]"
)
"""Accents and stress marks, points of Hebrew and Arabic, frames of keys. Kept: what makes й, ў, ї, ѓ and ќ letters of
their own.

Marks of other scripts, as the vowels of Hindi, are part of their words.
"""


def normal(text: str) -> str:
    """NFKC without case and accents; ё is е, й stays й. Punctuation and blanks stay as they are."""
    seen = _UNSEEN.sub("", _SIGNS.sub(" ", text))
    seen = _APOSTROPHE.sub("", _POSSESSIVE.sub("", seen))
    # Lower case may come apart again (İ), so marks are looked at last, and apart from their letters.
    apart = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", seen).casefold())
    return unicodedata.normalize("NFKC", _MARKS.sub(r"\1", apart))
