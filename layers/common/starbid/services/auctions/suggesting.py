"""What is suggested while somebody types, and what was probably meant where little was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from starbid.domain import spelling
from starbid.services.ports import Catalogue, LotWords, Search

SHOWN = 8
LEAST = 2
"""Letters after which there is something to suggest."""
LOOKED_AT = 200
"""Words that are read of one beginning or end."""
LOTS_LOOKED_AT = 48
MOST_WORDS = 4
"""Of a search that is corrected; each costs one read, or three where no lot has it."""


class Suggesting:
    """From the words of lots that are listed: bounded reads, however many lots there are."""

    def __init__(self, words: LotWords, catalogue: Catalogue) -> None:
        self._words, self._catalogue = words, catalogue

    def suggest(self, text: str, now: datetime) -> tuple[str, ...]:
        """Searches that begin with what was typed, those that find the most first; typed on the wrong layout as well.

        The last word is completed. Words before it are kept: then only lots that have them count.
        """
        return self._completed(text, now) or self._completed(spelling.switched(text), now)

    def _completed(self, text: str, now: datetime) -> tuple[str, ...]:
        *given, last = self._words.words(text) or ("",)
        if len(last) < LEAST:
            return ()
        found = self._beside(given, last, now) if given else self._words.beginning(last, LOOKED_AT)
        best = sorted(found, key=lambda word: (-found[word], word))[:SHOWN]
        return tuple(" ".join((*given, word)) for word in best)

    def _beside(self, given: list[str], last: str, now: datetime) -> Mapping[str, int]:
        """Words of titles that begin with `last`, of lots that have all that was given: one page of the list, however
        little it holds, as this is asked with each key that is pressed.
        """
        search = Search(text=" ".join(given), limit=LOTS_LOOKED_AT, begun_by=now, ends_from=now)
        page = self._catalogue.find(search)
        words = Counter(word for row in page.items for word in self._words.words(row.title) if word.startswith(last))
        return {word: lots for word, lots in words.items() if word not in given}

    def meant(self, search: Search, now: datetime) -> str | None:
        """Another text that finds something with the same filters: typed on the other layout of the keyboard, or with
        words that lots have in place of those that none has. One page of the list is looked at for each: it is left out
        where that shows that it finds nothing.
        """
        asked = self._catalogue.asked(search.text)
        for other in (self._switched, self._corrected):
            text = other(search.text)
            is_other = text and self._catalogue.asked(text) not in ((), asked)
            if is_other and self._may_find(replace(search, text=text, cursor=None, limit=1, begun_by=now)):
                return text
        return None

    def _may_find(self, search: Search) -> bool:
        page = self._catalogue.find(search)
        return bool(page.items or page.cursor)

    def _switched(self, text: str) -> str:
        """As typed on the other layout of the keyboard; "" where no lot has a word that begins so."""
        words = self._words.words(spelling.switched(text))
        is_known = 0 < len(words) <= MOST_WORDS and all(self._words.beginning(word, 1) for word in words)
        return " ".join(words) if is_known else ""

    def _corrected(self, text: str) -> str:
        """Each word that no lot has, as it was probably meant; "" where there is nothing to correct."""
        words = self._words.words(text)
        if not words or len(words) > MOST_WORDS:
            return ""
        corrected = [self._known(word) or word for word in words]
        return " ".join(corrected) if corrected != list(words) else ""

    def _known(self, word: str) -> str | None:
        """The word that was meant; None for one that is right, in whatever form."""
        if len(word) < spelling.SHORTEST:
            return None
        if self._is_among(word, self._words.beginning(self._stem(word), LOOKED_AT)):
            return None
        beginning, end = spelling.halves(word)
        near = {**self._words.beginning(beginning, LOOKED_AT), **self._words.ending(end, LOOKED_AT)}
        return None if self._is_among(word, near) else spelling.meant(word, near)

    def _stem(self, word: str) -> str:
        """What its forms begin with, as far as that is known."""
        terms = self._catalogue.asked(word)
        return terms[0] if terms and word.startswith(terms[0]) else word

    def _is_among(self, word: str, known: Iterable[str]) -> bool:
        """In whatever form."""
        asked = self._catalogue.asked(word)
        return any(self._catalogue.asked(each) == asked for each in known)
