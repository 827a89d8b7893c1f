"""Mistyped words."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbid.domain.spelling import distance, halves, meant, switched

WORDS = st.text("абв", max_size=7)


def by_definition(one: str, other: str) -> int:
    """The restricted Damerau-Levenshtein distance, as its recursion is written in the literature (Boytsov, 2011)."""

    @cache
    def apart(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        ways = [apart(i - 1, j) + 1, apart(i, j - 1) + 1, apart(i - 1, j - 1) + (one[i - 1] != other[j - 1])]
        if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
            ways.append(apart(i - 2, j - 2) + 1)
        return min(ways)

    return apart(len(one), len(other))


@given(WORDS, WORDS, st.integers(0, 3))
def test_the_distance_is_that_of_its_definition_up_to_the_bound(one: str, other: str, most: int) -> None:
    assert distance(one, other, most) == min(by_definition(one, other), most + 1)


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("лмпа", "лампа"), ("лапма", "лампа"), ("ламба", "лампа"), ("лампаа", "лампа"), ("алмпа", "лампа"),
        ("велоспид", "велосипед"), ("wathc", "watch"), ("lamp", None), ("лам", None), ("вето", None), ("xyzzy", None),
    ],
)  # fmt: skip
def test_the_word_that_was_meant(typed: str, right: str | None) -> None:
    assert meant(typed, {"лампа": 3, "велосипед": 1, "watch": 1, "lamp": 1, "ламы": 1}) == right


def test_fewer_edits_win_over_more_lots_and_more_lots_over_the_alphabet() -> None:
    assert meant("настольная", {"настольна": 1, "настольнаяяя": 9}) == "настольна"
    assert meant("кашка", {"чашка": 2, "кошка": 5}) == "кошка"
    assert meant("кашка", {"чашка": 5, "кошка": 5}) == "кошка"


@pytest.mark.parametrize(("typed", "other"), [("ghbdtn", "привет"), ("дфьз", "lamp"), ("Kfvgf 40", "лампа 40")])
def test_the_other_layout_of_the_keyboard(typed: str, other: str) -> None:
    assert switched(typed) == other
    assert switched(other) == typed.lower()


@given(st.text("абвгд", min_size=4, max_size=12), st.data())
def test_any_single_edit_leaves_one_half_as_it_was(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    edits = [
        word[:place] + word[place + 1 :],
        word[:place] + "х" + word[place:],
        word[:place] + "х" + word[place + 1 :],
    ]
    if place + 1 < len(word):
        edits.append(word[:place] + word[place + 1] + word[place] + word[place + 2 :])
    typed = data.draw(st.sampled_from(edits))
    beginning, end = halves(typed)
    assert word.startswith(beginning) or word.endswith(end)
