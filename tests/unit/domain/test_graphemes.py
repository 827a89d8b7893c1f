"""Texts are cut between characters as people see them. The judge is Node's Intl.Segmenter, with Unicode's tables."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest

from starbid.domain.graphemes import shortened, whole

FAMILY, FLAG, RAINBOW, THUMB, HEART = "👨‍👩‍👧‍👦", "🇩🇪", "🏳️‍🌈", "👍🏽", "❤️"
SCOTLAND, KEYCAP, ACUTE, DEVANAGARI, HANGUL, THAI = "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "é", "क्षि", "각", "กำ"
CHARACTERS = [FAMILY, FLAG, RAINBOW, THUMB, HEART, SCOTLAND, KEYCAP, ACUTE, DEVANAGARI, HANGUL, THAI, "\r\n", "😀"]
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js, as the front-end files do")


def places(texts: list[str]) -> list[set[int]]:
    """Where the judge allows to cut."""
    program = Path(__file__).with_name("graphemes.mjs")
    ran = subprocess.run(["node", program], input=json.dumps(texts), capture_output=True, text=True, check=True)
    return [set(found) for found in json.loads(ran.stdout)]


def cuts(text: str) -> set[int]:
    """Where we cut, whatever the limit."""
    return {len(whole(text, most)) for most in range(len(text))}


def assigned() -> list[str]:
    """Every character that this Python has a name for; of the ideographs, which all behave alike, a few."""
    points = (chr(point) for point in range(0x20, 0x110000))
    named = ((point, unicodedata.name(point, "")) for point in points)
    return [point for point, name in named if name and ("IDEOGRAPH" not in name or ord(point) % 500 == 0)]


@pytest.mark.parametrize("character", CHARACTERS, ids=ascii)
def test_a_character_of_many_parts_stays_whole_or_goes(character: str) -> None:
    text = f"ab{character}cd"
    kept = {whole(text, most) for most in range(len(text) + 1)}
    assert kept == {"", "a", "ab", f"ab{character}", f"ab{character}c", text}


def test_a_row_of_flags_is_cut_between_flags() -> None:
    flags = "🇩🇪🇫🇷🇪🇸"
    assert [len(whole(flags, most)) for most in range(7)] == [0, 0, 2, 2, 4, 4, 6]


def test_a_letter_under_a_heap_of_marks_is_not_taken_apart() -> None:
    heap = "z" + "\u0301" * 500
    assert whole("ab" + heap, 300) == "ab"
    assert whole(heap, 300) == ""
    assert shortened(heap, 300) == "…"


def test_what_fits_stays_as_it_is_and_the_rest_has_an_ellipsis() -> None:
    assert shortened("A lamp", 6) == "A lamp"
    assert shortened("A lamp of the sea", 7) == "A lamp…"
    assert shortened("A lamp of the sea", 8) == "A lamp…"
    assert shortened(f"Lamp {FAMILY}", 8) == "Lamp…"
    assert shortened("", 0) == ""


@needs_node
def test_plain_texts_of_many_scripts_are_cut_wherever_the_standard_allows() -> None:
    texts = [*CHARACTERS, "".join(CHARACTERS), "Настольная лампа", "Ёлка й ё́", "Lámpara ñandú", "مصباح البحر"]
    texts += ["นาฬิกาโบราณ", "मेज़ का दीपक", "台灯与茶壶", "탁상 램프", "நிலா", "👩🏽‍🚀 in space 🚀🚀"]
    for text, allowed in zip(texts, places(texts), strict=True):
        assert cuts(text) == allowed, text


@needs_node
def test_no_character_at_all_is_ever_cut_where_the_standard_forbids_it() -> None:
    texts = [f"{before}{mark}{behind}" for mark in assigned() for before, behind in (("a", "a"), ("👩", "👩"))]
    for text, allowed in zip(texts, places(texts), strict=True):
        assert cuts(text) <= allowed, ascii(text)


@needs_node
def test_no_mixture_of_characters_is_cut_where_the_standard_forbids_it() -> None:
    dice = random.Random(7)
    parts, every = [*"".join(CHARACTERS), "a", " "], assigned()
    texts = ["".join(dice.choice(parts if dice.random() < 0.9 else every) for _ in range(30)) for _ in range(1500)]
    for text, allowed in zip(texts, places(texts), strict=True):
        assert cuts(text) <= allowed, ascii(text)
