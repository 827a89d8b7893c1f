"""Mistyped words: how far two are apart, which of those that exist was meant, and the other layout of the keyboard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_LATIN: Final = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_RUSSIAN: Final = "йцукенгшщзхъфывапролджэячсмитьбюё"
_SWITCHED: Final = str.maketrans(_LATIN + _RUSSIAN, _RUSSIAN + _LATIN)
SHORTEST: Final = 4
"""Letters of a word that is corrected: among shorter ones a neighbour is mostly another word."""
TWO_FROM: Final = 7
"""From so many letters on, two of them may be wrong."""


def distance(one: str, other: str, most: int) -> int:
    """How many letters are missing, too many, wrong, or swapped with the next; `most` + 1 for any number beyond.

    The restricted distance of Damerau and Levenshtein: no part is edited twice.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        earlier, before, row = before, row, [place]
        for column, there in enumerate(other, 1):
            edits = min(before[column] + 1, row[-1] + 1, before[column - 1] + (letter != there))
            if place > 1 < column and letter == other[column - 2] and one[place - 2] == there:
                edits = min(edits, earlier[column - 2] + 1)
            row.append(edits)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def meant(word: str, known: Mapping[str, int]) -> str | None:
    """The known word that was most likely meant: with the fewest edits, then the one that most lots have. None where
    the word is known itself, is too short, or nothing is near enough.
    """
    if word in known or len(word) < SHORTEST:
        return None
    most = 2 if len(word) >= TWO_FROM else 1
    apart = {each: distance(word, each, most) for each in known}
    near = [each for each in known if apart[each] <= most]
    return min(near, key=lambda each: (apart[each], -known[each], each)) if near else None


def switched(text: str) -> str:
    """The same keys on the other layout: `ghbdtn` is `привет`, `дфьз` is `lamp`."""
    return text.lower().translate(_SWITCHED)


def halves(word: str) -> tuple[str, str]:
    """A beginning and an end, of which a single edit leaves one as it was."""
    length = max(1, (len(word) - 1) // 2)
    return word[:length], word[-length:]
