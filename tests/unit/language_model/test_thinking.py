"""What models think before they answer."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbid.language_model.thinking import Thinking

PARTS = ("<think>", "</think>", "<thi", "nk>", "</", "<", " ", "\n", "word", "слово")
TEXTS = st.lists(st.sampled_from(PARTS), max_size=12).map("".join)


def shown(*pieces: str) -> str:
    thinking = Thinking()
    return "".join(map(thinking.without, pieces)) + thinking.rest()


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("words", "words"),
        ("<think>hm</think>words", "words"),
        ("\n <think>\nhm\n</think>\n\nwords\n", "words\n"),
        ("<think></think>words", "words"),
        ("<think>a < b </thin> </think>words", "words"),
        ("<think>hm</think><think>words</think>", "<think>words</think>"),
        ("words <think>hm</think>", "words <think>hm</think>"),
        (" words", " words"),
        ("<thinking>hm</thinking>", "<thinking>hm</thinking>"),
        ("<b>words", "<b>words"),
        ("<think>hm", ""),
        ("<think>hm</think> ", ""),
        ("<thin", "<thin"),
        ("<", "<"),
        (" ", " "),
        ("", ""),
    ],
)
def test_reasoning_at_the_very_start_is_not_shown(text: str, answer: str) -> None:
    assert shown(text) == answer
    assert shown(*text) == answer


@given(TEXTS, st.lists(st.integers(0, 200), max_size=10))
def test_however_it_is_cut_the_same_is_shown(text: str, places: list[int]) -> None:
    bounds = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    assert shown(*(text[first:last] for first, last in pairwise(bounds))) == shown(text)


def test_an_answer_is_not_held_back() -> None:
    thinking = Thinking()
    assert [thinking.without(piece) for piece in ("<th", "ank", "s", "<think>")] == ["", "<thank", "s", "<think>"]


def test_thoughts_are_not_kept() -> None:
    """However long a model thinks."""
    thinking = Thinking()
    assert [thinking.without("<think>"), thinking.without("hm" * 100_000)] == ["", ""]
    assert len(thinking._held) < 10
