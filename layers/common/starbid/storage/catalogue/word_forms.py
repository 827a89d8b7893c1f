"""All forms of a Russian word by the dictionary of OpenCorpora: only for what writes the index.

The dictionary is in the projector's own layer (layers/word_forms).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

_NAMES = frozenset({"NOUN", "ADJF", "ADJS"})
_DOINGS = frozenset({"VERB", "INFN", "PRTF", "PRTS", "GRND"})
_OF_DOINGS = frozenset({"VERB", "INFN"})
_OF_NAMES = frozenset({"NOUN", "ADJF"})
_RARE = frozenset({"voct", "impr", "Supr", "Arch", "Erro"})
"""Forms that nobody looks for, and whose stems are those of other words."""
SHORTEST = 2


def forms(word: str) -> Iterator[str]:
    """The declined or conjugated forms of a word in lower case with е for ё; none of one that the dictionary cannot
    place. Where it may be a noun or a verb, as `стекла`, it is a noun: things are sold.
    """
    if len(word) < SHORTEST:
        return
    parses = _analyzer().parse(word)
    known = [parse for parse in parses if parse.is_known] or parses[:1]
    names = [parse for parse in known if parse.tag.POS in _NAMES]
    wanted = _OF_NAMES if names else _OF_DOINGS
    for parse in names or [parse for parse in known if parse.tag.POS in _DOINGS]:
        for form in parse.lexeme:
            if form.tag.POS in wanted and not form.tag.grammemes & _RARE:
                yield form.word.replace("ё", "е")


@cache
def _analyzer() -> Any:
    import pymorphy3
    import pymorphy3_dicts_ru

    path = pymorphy3_dicts_ru.get_path()
    # Its file of probabilities only puts parses in order, and is not in the layer.
    return pymorphy3.MorphAnalyzer(path, lang="ru", probability_estimator_cls=None)
