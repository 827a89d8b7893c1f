"""Each term has one word in each language: what the product has stopped saying does not come back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po

from starbid.i18n import CATALOGUES, LOCALE

GONE = {
    "en": (
        "held", "set aside", "watchlist", "movements?", "put up", "put it up", "after all", "pictures?", "window",
        "your turn", "log code", "bid log", "runner-up", "by itself", "english auction", "dutch",
        "take .* down", "log is sound", "go on", "really there", "please", "present question",
    ),
    "ru": (
        "удерж", "придерж", "отслежива", "движени", "картинк", "ваш ход", "ваша очередь", "сами собой", "само собой",
        "английский аукцион", "голландский", "окно", "обязывает", "обязательств", "взгляните", "журнал цел",
        "пожалуйста", "передайте", "передано", "второму участнику", "наименьш", "снова свобод", "сделке о лоте",
    ),
}  # fmt: skip
"""As whole words in English, as beginnings of words in Russian."""
ALLOWED = {"Not sure yet? Add a lot to favourites, and I will write 15 minutes before it ends: /watchlist"}
"""The command keeps its name."""


def sentences() -> Iterator[tuple[str, str]]:
    """Every text of the interface, with its language."""
    for name in CATALOGUES:
        with (LOCALE / "ru" / "LC_MESSAGES" / f"{name}.po").open("rb") as file:
            for message in read_po(file):
                keys = message.id if isinstance(message.id, tuple) else (message.id,)
                said = message.string
                texts = (said,) if isinstance(said, str) else said or ()
                yield from (("en", str(key)) for key in keys if key and key not in ALLOWED)
                yield from (("ru", str(text)) for text in texts if message.id and message.id not in ALLOWED)


@pytest.mark.parametrize("code", ["en", "ru"])
def test_no_sentence_uses_a_word_that_has_been_replaced(code: str) -> None:
    end = r"\b" if code == "en" else ""
    gone = re.compile("|".join(rf"\b(?:{word}){end}" for word in GONE[code]), re.IGNORECASE)
    found = {text for language, text in sentences() if language == code and gone.search(re.sub(r"\{\w+\}", "", text))}
    assert found == set()


@pytest.mark.parametrize(
    ("code", "text"),
    [("en", "Your maximum is held."), ("ru", "Ваш максимум удержан."), ("en", "Put it up again"), ("ru", "Картинки")],
)
def test_a_replaced_word_would_be_found(code: str, text: str) -> None:
    end = r"\b" if code == "en" else ""
    assert any(re.search(rf"\b(?:{word}){end}", text, re.IGNORECASE) for word in GONE[code])


def test_no_sentence_is_said_in_two_ways() -> None:
    """The catalogues are merged: of two translations of one sentence only one would ever be read."""
    said: dict[str, set[str]] = {}
    for name in CATALOGUES:
        with (LOCALE / "ru" / "LC_MESSAGES" / f"{name}.po").open("rb") as file:
            for message in read_po(file):
                said.setdefault(str(message.id), set()).add(str(message.string))
    assert {sentence: ways for sentence, ways in said.items() if sentence and len(ways) > 1} == {}
