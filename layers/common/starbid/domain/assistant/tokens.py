"""How many tokens a text is, where nobody tells."""

from __future__ import annotations

import math

_BYTES_A_TOKEN = 4
_LEAST_A_TURN = 4
"""What a turn takes besides its words: who speaks, where it begins and ends."""


def estimated(text: str) -> int:
    """Of a text in any script: about four bytes of UTF-8 a token, rounded up; an upper estimate for Cyrillic (a Russian
    letter is two bytes, a token of today's models two to four letters).
    """
    return math.ceil(len(text.encode("utf-8", "replace")) / _BYTES_A_TOKEN)


def estimated_turn(text: str) -> int:
    """The same with what a turn takes besides its words."""
    return estimated(text) + _LEAST_A_TURN
