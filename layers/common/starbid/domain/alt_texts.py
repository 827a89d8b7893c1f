"""What the pictures of a lot show, in words: for people who do not see them.

In a form they are one text with a line for each picture that has any: its id, a space, the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from starbid.domain.texts import flat

ALTS = "alts"
"""The field of a form that has them."""
MOST_ALT = 200
"""Characters of one."""


def read_alts(typed: str) -> dict[str, str]:
    """The words by the ids of their pictures; a picture without words is not among them."""
    lines = (line.partition(" ") for line in typed.split("\n"))
    read = {name: flat(words) for name, _, words in lines}
    return {name: words for name, words in read.items() if name and words}


def typed_alts(alts: Mapping[str, str]) -> str:
    """As they stand in a form; empty where no picture has words."""
    told = {name: flat(words) for name, words in alts.items()}
    return "\n".join(f"{name} {told[name]}" for name in sorted(told) if told[name])


def renamed(alts: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    """With the ids of pictures in the place of the keys that they were uploaded under. `names`: id by key."""
    return {names.get(name, name): words for name, words in alts.items()}


def alts_of(alts: Mapping[str, str], pictures: Iterable[str]) -> dict[str, str]:
    """Of these pictures and no others."""
    return {name: alts[name] for name in pictures if name in alts}
