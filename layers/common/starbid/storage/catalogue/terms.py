"""What of a text is looked for: stems of words, bigrams where words have no blanks between them, single signs.

A term of the index and one of a query are the same where they are made of the same word. Beyond that the index holds
the stems of all forms of its Russian words (`word_forms`), so that a query needs no dictionary: `сумок` is found by
`сумка`, which the stemmer alone makes `сумок` and `сумк`.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import Any

from starbid.storage.catalogue.normal import normal

FORMAT = 3
"""Changes with what the index holds for the same text, and with what is counted (`tally`); rows of another format are
renewed (`Catalogue.stale`).
"""
MOST_BYTES = 2_400
"""Of one lot's terms in UTF-8. A listing with more would be read and written for more than three units."""
MOST_OF_QUERY = 12
LONGEST = 40
"""Characters of a word that count."""

_SIGNS = re.compile(r"\+\+|[+#](?!\w)")
"""Belong to the word before them; a letter with them is another word than the letter: `C++` is not `C`."""
_RUSSIAN = re.compile(r"[а-я]+")
_KEPT_WHOLE = ("ов", "ев", "ив", "ав")
"""The stemmer takes these for endings. In `столов` that is right, in `коров` it is not: `кор` is the stem of `кора`.
Words that end so stay as they are, and nothing is lost: the index has all forms.
"""
_ENGLISH = re.compile(r"[a-z]+")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U000323af]+"
)
"""Thai, Lao, Burmese, Khmer, Chinese, Japanese; also Korean, whose particles are written on to the word."""
# fmt: off
_LITTLE = frozenset({
    "а", "без", "бы", "в", "во", "для", "до", "же", "за", "и", "из", "или", "к", "ко", "ли", "на", "над", "не",
    "но", "о", "об", "от", "по", "под", "при", "с", "со", "у", "через", "что", "чтобы", "a", "an", "and", "at",
    "by", "for", "from", "in", "is", "of", "on", "or", "the", "to", "with",
})
"""Words that stand between others: a title has them, a description does not, and a query asks for them only if it has
nothing else.
"""
_IRREGULAR = {
    "men": "man", "women": "woman", "children": "child", "feet": "foot", "teeth": "tooth", "mice": "mouse",
    "geese": "goose", "people": "person", "knives": "knife", "leaves": "leaf", "shelves": "shelf",
    "wolves": "wolf", "scarves": "scarf", "halves": "half", "wives": "wife", "loaves": "loaf", "oxen": "ox",
}
"""English plurals that are no matter of endings."""
# fmt: on
_stemmers = threading.local()


def query_terms(text: str) -> tuple[str, ...]:
    """All of these a lot must have; () where there is nothing in the text that could be looked for."""
    asked = [(word, tuple(_asked(word))) for word in _words(normal(text))]
    telling = [terms for word, terms in asked if word not in _LITTLE] or [terms for _, terms in asked]
    return tuple(dict.fromkeys(chain.from_iterable(telling)))[:MOST_OF_QUERY]


@lru_cache(maxsize=256)  # a lot is projected at each of its bids, and its words are mostly the same
def index_terms(title: str, description: str) -> frozenset[str]:
    """What a lot is found by: all of its title, then of its description what fits into MOST_BYTES."""
    from starbid.storage.catalogue.word_forms import forms

    described = (word for word in _words(normal(description)) if word not in _LITTLE)
    found: dict[str, None] = {}
    room = MOST_BYTES
    for word in dict.fromkeys(chain(_words(normal(title)), described)):
        for term in _indexed(word, forms):
            if term not in found:
                room -= len(term.encode())
                if room < 0:
                    return frozenset(found)
                found[term] = None
    return frozenset(found)


def telling_words(text: str) -> Iterator[str]:
    """The words of a text in one spelling, without those that stand between others."""
    return (word for word in words_of(text) if word not in _LITTLE)


def words_of(text: str) -> Iterator[str]:
    """The words of a text in the one spelling in which they are compared, each once; not their stems."""
    yield from dict.fromkeys(_words(normal(text)))


def _words(text: str) -> Iterator[str]:
    """Runs of letters and digits; `c++` and `c#` with their signs; each picture sign by itself."""
    start = None
    for place, mark in enumerate(chain(text, " ")):
        kind = unicodedata.category(mark)
        if kind[0] in "LN" or (kind[0] == "M" and start is not None):
            start = place if start is None else start
            continue
        if start is not None:
            yield from _with_signs(text, start, place)
            start = None
        if kind == "So":
            yield mark


def _with_signs(text: str, start: int, end: int) -> Iterator[str]:
    word = "".join(mark if mark.isascii() else _ascii_digit(mark) for mark in text[start:end])[:LONGEST]
    signs = _SIGNS.match(text, end)
    if signs is None or len(word) > 1 or word.isdigit():
        yield word
    if signs:
        yield word + signs.group()


def _ascii_digit(mark: str) -> str:
    return str(unicodedata.decimal(mark)) if mark.isdecimal() else mark


def _asked(word: str) -> Iterator[str]:
    for run, spaced in _runs(word):
        if spaced:
            yield stem(run)
        elif len(run) == 1:
            yield run
        else:
            yield from _bigrams(run)


def _indexed(word: str, forms: Callable[[str], Iterable[str]]) -> Iterator[str]:
    for run, spaced in _runs(word):
        if not spaced:
            yield from chain(_bigrams(run), run)
            continue
        yield stem(run)
        if _RUSSIAN.fullmatch(run):
            yield from map(stem, forms(run))


def _runs(word: str) -> Iterator[tuple[str, bool]]:
    """The word, cut where a script without blanks begins or ends; whether it has blanks."""
    end = 0
    for run in _UNSPACED.finditer(word):
        if run.start() > end:
            yield word[end : run.start()], True
        yield run.group(), False
        end = run.end()
    if end < len(word):
        yield word[end:], True


def _bigrams(run: str) -> Iterator[str]:
    return (run[place : place + 2] for place in range(len(run) - 1))


def stem(word: str) -> str:
    """Of Russian and English words; others stay as they are."""
    if _RUSSIAN.fullmatch(word):
        return word if word.endswith(_KEPT_WHOLE) else str(_stemmer("russian").stemWord(word))
    if _ENGLISH.fullmatch(word):
        return str(_stemmer("english").stemWord(_IRREGULAR.get(word, word)))
    return word


def _stemmer(language: str) -> Any:
    """Each thread of the local run has its own: a stemmer keeps its word in itself."""
    if not hasattr(_stemmers, language):
        from Stemmer import Stemmer

        setattr(_stemmers, language, Stemmer(language))
    return getattr(_stemmers, language)
