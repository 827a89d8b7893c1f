"""Templates and texts: everything compiles, nothing runs inline, nothing is left in English."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from starbid.manners import LOCALE
from web.shared.rendering import TEMPLATES, environment

ROOT = Path(__file__).resolve().parents[3]
STARBID, FUNCTIONS = ROOT / "layers/common/starbid", ROOT / "functions"
KEYWORDS = {"_": None, "ngettext": (1, 2)}
NAMES = environment().list_templates(extensions=["html"])
LONGEST = 150
SOURCES = {
    "common": (
        STARBID / "wording.py",
        STARBID / "field_words.py",
        STARBID / "deal_words.py",
        STARBID / "report_words.py",
        STARBID / "assistant_words.py",
        STARBID / "assistant_history.py",
        STARBID / "assistant_standing.py",
        STARBID / "category_words.py",
        STARBID / "switch_words.py",
        STARBID / "i18n.py",
        STARBID / "domain/kinds",
    ),
    "web": (FUNCTIONS / "web",),
    "bot": (FUNCTIONS / "webhook", STARBID / "telegram"),
}
BESIDES = {"web": ("desk",)}
"""Catalogues of a part of some sources."""
CATALOGUES = ("common", "web", "bot", "desk")


@pytest.mark.parametrize("name", NAMES)
def test_a_template_compiles(name: str) -> None:
    assert environment().get_template(name).name == name


@pytest.mark.parametrize("name", NAMES)
def test_a_template_can_be_read_without_scrolling_far(name: str) -> None:
    assert len((TEMPLATES / name).read_text().splitlines()) <= LONGEST


@pytest.mark.parametrize("name", NAMES)
def test_a_template_holds_no_inline_script_or_style_because_the_browser_would_refuse_it(name: str) -> None:
    text = (TEMPLATES / name).read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|hx-on|javascript:", text)


@pytest.mark.parametrize("name", NAMES)
def test_every_form_that_posts_carries_the_csrf_token(name: str) -> None:
    forms = re.findall(r'<form method="post".*?</form>', (TEMPLATES / name).read_text(), re.DOTALL)
    assert all("csrf()" in form for form in forms)


def files(*places: Path) -> list[Path]:
    found = [file for place in places for file in ([place] if place.is_file() else place.rglob("*"))]
    return sorted(file for file in found if file.suffix in (".py", ".html"))


def messages(*places: Path) -> set[Any]:
    """The keys that sources ask for: sentences, and pairs where there is a plural."""
    keys = set()
    for file in files(*places):
        if file.suffix == ".py":
            keys |= set(asked_by(file.read_text("utf-8")))
            continue
        with file.open("rb") as source:
            for _, message, _, _ in extract("jinja2.ext:babel_extract", source, keywords=KEYWORDS):
                keys.add(tuple(message) if isinstance(message, (tuple, list)) else message)
    return keys


def asked_by(source: str) -> Iterator[Any]:
    """The keys of a module. Babel reads tokens, and up to Python 3.11 an f-string is one token, whatever is in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            wanted = {"_": 1, "ngettext": 2}.get(name, 0)
            texts = [word.value for word in node.args[:wanted] if isinstance(word, ast.Constant)]
            if texts and len(texts) == wanted:
                yield texts[0] if wanted == 1 else tuple(texts)


@cache
def catalogue(name: str) -> dict[Any, Any]:
    with (LOCALE / "ru/LC_MESSAGES" / f"{name}.po").open("rb") as file:
        return {
            tuple(message.id) if isinstance(message.id, (tuple, list)) else message.id: message.string
            for message in read_po(file, locale="ru")
            if message.id
        }


def forms(text: Any) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, (tuple, list)) else (text,)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("name", SOURCES)
def test_every_sentence_has_a_russian_one(name: str) -> None:
    known = catalogue("common") | catalogue(name)
    for part in BESIDES.get(name, ()):
        known |= catalogue(part)
    missing = [key for key in messages(*SOURCES[name]) if not all(forms(known.get(key, "")))]
    assert not missing


@pytest.mark.parametrize("name", CATALOGUES)
def test_a_russian_sentence_fills_in_the_same_values(name: str) -> None:
    for key, text in catalogue(name).items():
        wanted = placeholders(forms(key)[-1])
        assert all(placeholders(form) == wanted for form in forms(text)), key


@pytest.mark.parametrize("name", CATALOGUES)
def test_a_russian_plural_has_three_forms(name: str) -> None:
    plurals = {key: text for key, text in catalogue(name).items() if isinstance(key, tuple)}
    assert all(len(forms(text)) == 3 and all(forms(text)) for text in plurals.values())


@pytest.mark.parametrize("name", CATALOGUES)
def test_texts_speak_without_exclamation_marks(name: str) -> None:
    assert not [
        key for key, text in catalogue(name).items() if any("!" in form for form in (*forms(key), *forms(text)))
    ]


def test_a_sentence_is_found_wherever_in_the_code_it_is_asked_for() -> None:
    source = """
head = f"{words._('inside')} {_('a ' 'b')}"
words.ngettext("{n} bid", "{n} bids", len(bids))
words._(sentence), other("not asked")
"""
    assert set(asked_by(source)) == {"inside", "a b", ("{n} bid", "{n} bids")}


@pytest.mark.parametrize("name", ["web", "desk"])
def test_the_catalogues_of_the_site_hold_nothing_that_no_page_asks_for(name: str) -> None:
    assert not catalogue(name).keys() - messages(*SOURCES["web"])


@pytest.mark.parametrize("name", ["bot", "common"])
def test_the_other_catalogues_hold_nothing_that_nobody_asks_for(name: str) -> None:
    assert not catalogue(name).keys() - messages(FUNCTIONS, STARBID)
