"""Texts that would be longer than Telegram takes: lists give way evenly, and what is cut stays HTML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.telegram.markup import parse_html
from starbid.i18n import language
from starbid.telegram.fitting import Part, fitted, shortened
from starbid.telegram.html import MAX_TEXT, escape, parsed_units, units

ENGLISH = language("en")


def test_lists_that_fit_are_whole() -> None:
    parts = [Part("<b>One</b>", ("a", "b")), Part("<b>Two</b>", ("c",))]
    assert fitted(parts, ENGLISH) == "<b>One</b>\na\nb\n\n<b>Two</b>\nc"


def test_a_long_list_leaves_room_for_the_others_and_says_how_many_are_missing() -> None:
    text = fitted([Part("One", ("x" * 10,) * 50), Part("Two", ("y" * 10,) * 2)], ENGLISH, 100)
    assert parsed_units(text) <= 100
    assert text.count("y" * 10) == 2
    kept = text.count("x" * 10)
    assert f"And {50 - kept} more." in text
    longer = f"{text.replace(f'And {50 - kept} more.', 'x' * 10)}\nAnd {49 - kept} more."
    assert parsed_units(longer) > 100, "one line more would be too much"


def test_lists_of_one_length_give_way_alike() -> None:
    text = fitted([Part("One", ("x" * 10,) * 9), Part("Two", ("y" * 10,) * 9)], ENGLISH, 120)
    assert abs(text.count("x" * 10) - text.count("y" * 10)) <= 1


def test_nothing_is_a_text_too() -> None:
    assert fitted([], ENGLISH) == ""


@pytest.mark.parametrize("text", ["", "x" * MAX_TEXT, "&amp;" * MAX_TEXT, "<b>" + "🙂" * (MAX_TEXT // 2) + "</b>"])
def test_a_text_as_long_as_telegram_takes_goes_out_as_it_is(text: str) -> None:
    assert shortened(text) == text


def test_one_unit_too_many_is_cut_at_the_end_of_a_line() -> None:
    line = "<b>&amp;</b>" + "x" * 99
    text = "\n".join([line] * 41)
    assert parsed_units(text) == MAX_TEXT + 44
    cut = shortened(text)
    assert cut == "\n".join([line] * 40) + "\n…"


def test_tags_that_reach_over_the_cut_are_closed() -> None:
    text = "<blockquote><i>" + "\n".join(["x" * 100] * 50) + "</i></blockquote>"
    assert shortened(text).endswith("x</i></blockquote>\n…")


def test_a_single_line_is_cut_in_whole_characters() -> None:
    family = "👨‍👩‍👧"
    cut = shortened(f"<b>{family * 1000}</b>")
    assert parsed_units(cut) <= MAX_TEXT
    assert cut == f"<b>{family * (cut.count(family))}…</b>"


@given(
    st.lists(
        st.tuples(st.sampled_from(["b", "i", "code", "blockquote"]), st.text("a&<>🙂\n é", max_size=30)), max_size=12
    ),
    st.integers(4, 60),
)
def test_what_is_cut_is_html_that_fits(pieces: list[tuple[str, str]], most: int) -> None:
    markup = "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in pieces)
    cut = shortened(markup, most)
    parsed = parse_html(cut)
    assert units(parsed.text) <= most
    assert parsed.text.rstrip("…\n ") in parse_html(markup).text


def test_tags_within_tags_are_closed_from_the_inside() -> None:
    cut = shortened('<a href="https://example.org">' + "<b><i>" + "y" * 5000 + "</i></b></a>")
    assert cut.endswith("…</i></b></a>")
