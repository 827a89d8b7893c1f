"""What counts as something to see: judged by what a reader has before them."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbid.domain.errors import Invalid
from starbid.domain.texts import is_storable, mended, one_line, read_text, seen_length, shows

BLANKS = {
    "the filler of Hangul": "\u3164",
    "half-width": "\uffa0",
    "fillers of its parts": "\u115f\u1160",
    "the blank of Braille": "\u2800",
    "a selector of emoji": "\ufe0f",
    "a grapheme joiner": "\u034f",
    "a soft hyphen": "\u00ad",
    "spaces of no width": "\u200b\u2060\ufeff",
    "joiners": "\u200c\u200d",
    "marks of direction": "\u200e\u200f\u061c",
    "overrides": "\u202a\u202e\u202c\u2066\u2069",
    "selectors of Mongolian": "\u180b\u180e\u180f",
    "vowels of Khmer that are not written": "\u17b4\u17b5",
    "unseen operators": "\u2061\u2062\u2063\u2064",
    "old controls": "\u206a\u206f",
    "tags": "\U000e0001\U000e0041\U000e007f",
    "selectors of ideographs": "\U000e0100\U000e01ef",
    "controls of music": "\U0001d173\U0001d17a",
    "a note head without ink": "\U0001d159",
    "controls of shorthand": "\U0001bca0",
    "controls and blanks of hieroglyphs": "\U00013430\U00013441",
    "what annotates and replaces": "\ufff9\ufffb\ufffc",
    "spaces": " \u00a0\u1680\u2003\u202f\u3000\t\n\u2028",
    "control characters": "\x01\x1b\x7f\x9f",
    "marks on nothing": "\u0301\u0308\u20e3\u0e31\u093f",
    "no characters": "\ufdd0\uffff\U0010ffff",
    "for private use": "\ue000\U000f0000",
    "all of it": "\u3164 \u2800\ufe0f\u0301 \u200b",
}
LEGAL = [
    "A lamp", "Лампа", "مصباح", "แจกัน", "โต๊ะ", "램프", "\u1112\u1161\u11ab", "灯", "ランプ", "हिन्दी", "נורה",
    "می\u200cخواهم", "e\u0301te\u0301", "1\ufe0f\u20e32\ufe0f\u20e3", "\U0001f469\u200d\U0001f4bb",
    "\u2764\ufe0f\u200d\U0001f525", "\U0001f1f7\U0001f1fa\U0001f1fa", "\U0001f44d\U0001f3fd!", "C++", "№ 5", "→→→",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f 5", "\U0001fae9" * 3, "\u06dd\u0661\u0662",
]  # fmt: skip


@pytest.mark.parametrize("name", BLANKS)
def test_what_leaves_nothing_on_the_page_is_no_text(name: str) -> None:
    text = BLANKS[name]
    assert not shows(text)
    assert all(not shows(mark) for mark in text)
    assert one_line(text) == ""
    assert seen_length(text * 3) == 0
    with pytest.raises(Invalid):
        read_text("text", text * 5, 1, 400)


@pytest.mark.parametrize("text", LEGAL)
def test_what_people_write_stays_as_they_wrote_it(text: str) -> None:
    assert one_line(text) == text
    assert read_text("text", text, 3 if len(text) > 2 else 1, 80) == text


@pytest.mark.parametrize("blank", BLANKS.values())
@pytest.mark.parametrize("text", ["x", "램", "\u2b50"])
def test_one_thing_to_see_among_blanks_is_enough_and_counts_once(text: str, blank: str) -> None:
    unseen = "".join(mark for mark in blank if unicodedata.category(mark)[0] != "M" and mark not in "\u200c\u200d")
    assert shows(f"{blank}{text}{blank}")
    assert seen_length(f"{unseen}{text}{unseen}{unseen}") == 1


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("", 0), ("ab", 2), ("a b", 3), ("a  \u3000 b", 3), (" a ", 1), ("A\u200b\u200b", 1), ("A\u3164\u3164", 1),
        ("A\u2800 \u2800B", 3), ("\u0301a", 1), ("e\u0301", 2), ("ตู้", 3), ("A\ufe0f\ufe0f\ufe0f", 2),
        ("a\u00adb", 2), ("1\ufe0f\u20e3", 3), ("\U0001f469\u200d\U0001f4bb", 3),
    ],
)  # fmt: skip
def test_what_is_seen_is_counted(text: str, seen: int) -> None:
    assert seen_length(text) == seen


@given(st.text(max_size=60))
def test_no_more_is_seen_than_was_written_and_something_where_it_shows(text: str) -> None:
    assert 0 <= seen_length(text) <= len(text)
    assert (seen_length(text) > 0) is shows(text)


def test_nearly_every_letter_shows() -> None:
    """The exceptions are letters by category alone: fillers, and blanks of hieroglyphs."""
    letters = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code))[0] in "LN"]
    assert {mark for mark in letters if not shows(mark)} <= {*"\u115f\u1160\u3164\uffa0\U00013441\U00013442"}


def test_a_text_that_may_be_left_out_is_left_out_where_nothing_is_seen() -> None:
    assert read_text("text", " \u3164\u200b ", 0, 10) == ""


def test_why_it_is_refused_is_told() -> None:
    for text, reason in {"\u3164\u3164": "unseen", "  ": "length", "x" * 11: "length", "\x00": "text"}.items():
        with pytest.raises(Invalid) as refused:
            read_text("text", text, 1, 10)
        assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("pieces", "whole"),
    [
        (("a 😀", " b"), "a 😀 b"),
        (("\ud83d", "\ude00"), "😀"),
        (("a\ud83d", "b"), "a\ufffdb"),
        (("\ude00\ud83d",), "\ufffd\ufffd"),
        (("\ud83d\ud83d\ude00",), "\ufffd😀"),
        (("a\x00b",), "ab"),
        (("a\x00\ud83d",), "a\ufffd"),
        (("",), ""),
    ],
)
def test_a_text_that_came_in_pieces_can_be_stored(pieces: tuple[str, ...], whole: str) -> None:
    assert mended("".join(pieces)) == whole
    assert is_storable(mended("".join(pieces)))


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_a_whole_text_stays_as_it_is(text: str) -> None:
    assert mended(text) == text
