"""Searches that people save, to hear of new lots."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from typing import Final

from starbid.domain.criteria import Criteria
from starbid.domain.errors import StarbidError

MOST: Final = 20
"""Of one person."""
EVERYWHERE: Final = "all"
"""Where searches are filed that every lot has to be looked at for."""


class SearchesFull(StarbidError, code="searches_full"):
    """A person has saved `most` searches already."""

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} searches are saved", most=most)
        self.most = most


class SearchTooWide(StarbidError, code="search_too_wide"):
    """It has no word that can be looked for, and nothing else that leaves lots out."""


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """`id` is the same for the same search of anybody's; `filed` is where new lots look for it. `tells`: whether its
    person wants to hear of them; one that tells nothing is filed nowhere.
    """

    id: str
    user_id: int
    criteria: Criteria
    filed: str
    saved_at: datetime
    tells: bool = True


def saved_search(user_id: int, criteria: Criteria, terms: tuple[str, ...], now: datetime) -> SavedSearch:
    """Of somebody who looks for all of `terms`. It is filed where the fewest lots come by: under its longest word,
    which is mostly its rarest, else under its category or kind. Raises SearchTooWide.
    """
    if criteria.is_all or (criteria.text and not terms):
        raise SearchTooWide
    told = json.dumps([sorted(terms), astuple(replace(criteria, text=""))])
    search_id = hashlib.sha256(told.encode()).hexdigest()[:16]
    return SavedSearch(search_id, user_id, criteria, _filed(criteria, terms), now)


def places_of(words: Iterable[str], category: str, kind: str) -> tuple[str, ...]:
    """All places where searches may be filed that a lot fits."""
    return (*map(_of_word, sorted(words)), f"category#{category}", f"kind#{kind}", EVERYWHERE)


def _filed(criteria: Criteria, terms: tuple[str, ...]) -> str:
    if terms:
        return _of_word(max(terms, key=lambda term: (len(term), term)))
    if criteria.category:
        return f"category#{criteria.category}"
    return f"kind#{criteria.kind}" if criteria.kind else EVERYWHERE


def _of_word(term: str) -> str:
    return f"word#{term}"
