"""What cannot be seen and steers what can is gone; what scripts and emoji are made of stays."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbid.domain.assistant.showing import shown
from tests.unit.domain.test_graphemes import CHARACTERS


@pytest.mark.parametrize(
    "steering", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c", ids=ascii
)
def test_marks_of_direction_are_gone(steering: str) -> None:
    assert shown(f"pay{steering}100{steering}") == "pay100"


@pytest.mark.parametrize(
    "unseen", "\0\x01\x08\x0b\x1b\x7f\x9b\u00ad\u200b\u2060\ufeff\u3164\U000e0041\ufff9", ids=ascii
)
def test_controls_and_blanks_without_width_are_gone(unseen: str) -> None:
    assert shown(f"a{unseen}{unseen}b") == "ab"


@pytest.mark.parametrize("character", [c for c in CHARACTERS if c != "\r\n"], ids=ascii)
def test_characters_of_many_parts_stay_whole(character: str) -> None:
    assert shown(f"a{character}b") == f"a{character}b"


@pytest.mark.parametrize("word", ["می‌خواهم", "क्‍ष", "ශ්‍රී", "👩‍❤️‍👨", "👩🏽‍🚀", "🏳️‍🌈"], ids=ascii)
def test_joiners_stay_where_a_script_or_an_emoji_needs_them(word: str) -> None:
    assert shown(word) == word


@pytest.mark.parametrize(
    "hidden", ["pay\u200dpal", "пей\u200cпал", "1\u200d2", "\u200da", "a\u200d", "a \u200c b"], ids=ascii
)
def test_joiners_between_other_letters_are_gone(hidden: str) -> None:
    assert shown(hidden) == hidden.replace("\u200d", "").replace("\u200c", "")


def test_a_row_of_joiners_or_of_styles_carries_no_message() -> None:
    assert shown("👩" + "\u200d" * 9 + "🚀") == "👩‍🚀"
    assert shown("❤" + "\ufe0f" * 9) == "❤️"


def test_every_kind_of_line_break_is_one() -> None:
    assert shown("a\r\nb\rc\u2028d\u2029e\tf") == "a\nb\nc\nd\n\ne\tf"


def test_halves_of_pairs_are_joined_or_replaced() -> None:
    assert shown("\ud83d\ude00 \ud83d") == "😀 \ufffd"


@given(st.text())
def test_nothing_steers_and_nothing_more_is_lost_the_second_time(text: str) -> None:
    seen = shown(text)
    assert shown(seen) == seen
    assert not {unicodedata.bidirectional(mark) for mark in seen} & {
        "LRE",
        "RLE",
        "LRO",
        "RLO",
        "PDF",
        "LRI",
        "RLI",
        "FSI",
    }
    assert all(unicodedata.category(mark) != "Cc" or mark in "\t\n" for mark in seen)
