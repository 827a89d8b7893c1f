"""Each term has one word in each language: what the product has stopped saying does not come back, and nothing that
people read stands outside the catalogues.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages.pofile import read_po

from starbid.i18n import CATALOGUES
from starbid.manners import LOCALE
from tests.support.glossary import PHRASES, TERMS, faults
from web.shared.rendering import TEMPLATES, environment

NAMES = {"Starbid", "OpenAPI", "CSV", "Excel", "XLSX", "t", "me", "stars", "buy", "quot", "amp"}
"""The same in every language; and the address t.me/stars/buy."""


@cache
def sentences() -> tuple[tuple[str, str], ...]:
    """Every text of the interface, with its language."""
    return tuple(_sentences())


def _sentences() -> Iterator[tuple[str, str]]:
    for name in CATALOGUES:
        with (LOCALE / "ru" / "LC_MESSAGES" / f"{name}.po").open("rb") as file:
            for message in read_po(file):
                keys = message.id if isinstance(message.id, tuple) else (message.id,)
                said = message.string
                texts = (said,) if isinstance(said, str) else said or ()
                yield from (("en", str(key)) for key in keys if key)
                yield from (("ru", str(text)) for text in texts if message.id)


@pytest.mark.parametrize("code", ["en", "ru"])
def test_no_sentence_uses_a_word_that_has_been_replaced(code: str) -> None:
    found = {text: wrong for language, text in sentences() if language == code and (wrong := faults(text, code))}
    assert found == {}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Your maximum is held."),
        ("en", "Put it up again"),
        ("en", "The lot is handed back by itself"),
        ("en", "Not yet: the price"),
        ("ru", "Ваш максимум удержан."),
        ("ru", "Картинки"),
        ("ru", "Назвать свой максимум"),
        ("ru", "Пока нет: взгляните ещё раз"),
    ],
)
def test_a_replaced_word_would_be_found(code: str, text: str) -> None:
    assert faults(text, code)


@pytest.mark.parametrize("text", ["{held} is frozen", "{pictures} photos", "Withheld", "Drawings"])
def test_neither_the_name_of_a_blank_nor_a_part_of_a_word_is_a_fault(text: str) -> None:
    assert faults(text, "en") == []


def test_no_term_is_what_another_term_must_not_be_called() -> None:
    """A glossary that contradicts itself could not be kept to."""
    assert {term.english: wrong for term in TERMS if (wrong := faults(term.english, "en"))} == {}
    assert {term.russian: wrong for term in TERMS if (wrong := faults(term.russian, "ru"))} == {}


def test_every_term_is_in_use_in_both_languages() -> None:
    said = {
        code: "\n".join(text.lower() for language, text in sentences() if language == code) for code in ("en", "ru")
    }
    assert [term.english for term in TERMS if term.english not in said["en"]] == []
    assert [term.russian for term in TERMS if term.russian not in said["ru"]] == []
    assert PHRASES.not_english
    assert PHRASES.not_russian


def bare_words(source: str) -> set[str]:
    """Words of a template that people read, and that no catalogue knows of."""
    bare = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", " ", source, flags=re.DOTALL)
    told = re.findall(r'\s(?:title|alt|placeholder|aria-label)="([^"]*)"', bare)
    shown = re.sub(r"<(script|style|code|kbd|pre)\b.*?</\1>|<[^>]*>|[\w-]+=\"[^\"]*\"", " ", bare, flags=re.DOTALL)
    return set(re.findall(r"[^\W\d_]{2,}", " ".join((shown, *told)))) - NAMES


@pytest.mark.parametrize("name", environment().list_templates(extensions=["html"]))
def test_a_template_says_nothing_that_is_not_in_a_catalogue(name: str) -> None:
    assert bare_words((TEMPLATES / name).read_text("utf-8")) == set()


def test_a_bare_word_would_be_found() -> None:
    source = '<p title="Look {{ _("here") }}">{{ _("Well") }} said {% if x %}<b class="no">Да</b>{% endif %}</p>'
    source += "<code>not</code>{# nor this #}{% set mark = '<i>nor that</i>' %}"
    assert bare_words(source) == {"Look", "said", "Да"}


def test_no_sentence_is_said_in_two_ways() -> None:
    """The catalogues are merged: of two translations of one sentence only one would ever be read."""
    said: dict[str, set[str]] = {}
    for name in CATALOGUES:
        with (LOCALE / "ru" / "LC_MESSAGES" / f"{name}.po").open("rb") as file:
            for message in read_po(file):
                said.setdefault(str(message.id), set()).add(str(message.string))
    assert {sentence: ways for sentence, ways in said.items() if sentence and len(ways) > 1} == {}
