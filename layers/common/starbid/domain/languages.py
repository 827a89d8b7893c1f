"""Which language of the interface somebody is spoken to in, by what their browser or Telegram says."""

from __future__ import annotations

import re

from starbid.domain.people import LANGUAGES
from starbid.domain.weighted import read_weighted
from starbid.manners import ENGLISH, MANNERS


def language_of(told: str | None) -> str:
    """For an Accept-Language list, or Telegram's `language_code`, which is a list of one: the language of ours that is
    liked best, the one named first among equals. `*` stands for those that are not named, weight 0 refuses one.

    Where none of ours is liked, the one whose neighbour somebody reads, and English for all others, unless just that is
    refused.
    """
    liked = _by_language(told)
    anything = liked.get("*")
    ours = {code: weight for code, weight in liked.items() if code in LANGUAGES}
    for code in LANGUAGES:
        if anything is not None:
            ours.setdefault(code, anything)
    best = max(ours, key=lambda code: ours[code], default="")
    if best and ours[best]:
        return best
    near = next((code for code, manners in MANNERS.items() if any(map(liked.get, manners.neighbours))), ENGLISH)
    fallbacks = sorted(LANGUAGES, key=lambda code: code != near)
    return next((code for code in fallbacks if code not in ours), fallbacks[0])


def _by_language(told: str | None) -> dict[str, float]:
    """The weight of each language, whatever its script or region; of several the highest."""
    liked: dict[str, float] = {}
    for tag, weight in read_weighted(told):
        code = re.split("[-_]", tag)[0]
        liked[code] = max(weight, liked.get(code, 0))
    return liked
