"""The words in the titles of the lots that are live, and how many lots there are of each sort."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class LotWords(Protocol):
    """Kept along with the lists. Words are in the one spelling in which they are compared."""

    def words(self, text: str) -> tuple[str, ...]:
        """Those of a text in that spelling, each once."""

    def beginning(self, letters: str, limit: int) -> Mapping[str, int]:
        """Words that begin so, in how many lots each is; so many at most, whichever come first by their letters."""

    def ending(self, letters: str, limit: int) -> Mapping[str, int]:
        """The same of words that end so."""

    def sorts(self) -> Mapping[str, int]:
        """How many lots are live by `category#…`, `kind#…` and `currency#…`; one read."""
