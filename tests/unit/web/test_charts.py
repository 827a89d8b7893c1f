"""Charts: well-formed, in their frame, whatever the numbers and names are."""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.shared.charts import Axis, Series, Share, bars, lines, shares
from web.shared.charts.drawing import HEIGHT, WIDTH
from web.shared.charts.scale import few, scale_of

HOSTILE = "</svg><script>alert(1)</script>\"'&\x00"[:-1]


def axis(count: int, name: str = "1 Nov") -> Axis:
    return Axis(name, f"about {name}", [name] * count, [name] * count, str, str)


def drawn(markup: str) -> ET.Element:
    return ET.fromstring(markup)


def numbers(element: ET.Element) -> list[float]:
    names = ("x", "y", "width", "height", "cx", "cy")
    found = [float(each.get(name, 0)) for each in element.iter() for name in names if each.tag != "svg"]
    paths = " ".join(each.get("d", "") for each in element.iter("path"))
    return found + [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", paths)]


@pytest.mark.parametrize("draw", [bars, lines])
@pytest.mark.parametrize("values", [[], [0], [5], [-3], [0, 0, 0], [1, -1], [10**15, 3], [-(10**12)], [7] * 366])
def test_every_number_stands_within_the_chart(draw: object, values: list[int]) -> None:
    element = drawn(draw(axis(len(values)), [Series(values)]))  # type: ignore[operator]
    assert all(0 <= number <= max(WIDTH, HEIGHT) for number in numbers(element))


@pytest.mark.parametrize("draw", [bars, lines])
def test_names_are_text_and_never_markup(draw: object) -> None:
    element = drawn(draw(axis(2, HOSTILE), [Series([1, 2], HOSTILE), Series([1, None], HOSTILE, 2)]))  # type: ignore[operator]
    assert not list(element.iter("script"))
    assert element.find("title") is not None
    assert element.findtext("title") == HOSTILE
    assert element.findtext("desc") == f"about {HOSTILE}"


def test_a_name_of_a_share_is_text_too_and_is_cut() -> None:
    element = drawn(shares(HOSTILE, HOSTILE, [Share(HOSTILE * 9, 1, 2, HOSTILE)]))
    assert not list(element.iter("script"))
    assert all(len(text.text or "") <= len(HOSTILE) + 40 for text in element.iter("text"))


@pytest.mark.parametrize(("size", "of"), [(0, 0), (5, 0), (7, 5), (-2, 5), (1, 10**9)])
def test_a_share_is_between_nothing_and_all(size: int, of: int) -> None:
    assert 0 <= Share("a", size, of, "").part <= 1


def test_a_line_breaks_where_nothing_is_known() -> None:
    element = drawn(lines(axis(5), [Series([1, None, 2, 3, None])]))
    runs = [path for path in element.iter("path") if "line" in path.get("class", "")]
    assert len(runs) == 2
    assert len(list(element.iter("circle"))) == 3


def test_every_bar_says_what_it_is() -> None:
    element = drawn(bars(axis(2), [Series([3, 4], "QIWI"), Series([1, 0], "Stars", 2)]))
    assert [rect.findtext("title") for rect in element.iter("rect")] == [
        "1 Nov: QIWI 3",
        "1 Nov: Stars 1",
        "1 Nov: QIWI 4",
    ]


def test_there_is_no_style_or_script_for_the_policy_to_forbid() -> None:
    for markup in (bars(axis(1), [Series([1])]), lines(axis(1), [Series([1])]), shares("a", "b", [])):
        assert "style" not in markup
        assert not re.search(r"\son\w+=", markup)


@given(st.lists(st.integers(-(10**15), 10**15), max_size=50))
def test_a_scale_is_round_short_and_holds_all(values: Sequence[int]) -> None:
    scale = scale_of(values)
    assert scale.low <= min([0, *values]) <= max([0, *values]) <= scale.high
    assert 0 in scale.marks
    assert 2 <= len(scale.marks) <= 6
    assert {str(abs(scale.marks[1] - scale.marks[0]))[0]} <= {"1", "2", "5"}


@given(st.integers(0, 400), st.integers(1, 9))
def test_few_labels_are_few_and_evenly_spread(count: int, most: int) -> None:
    found = few(count, most)
    assert len(found) <= most
    assert len({second - first for first, second in itertools.pairwise(found)}) <= 1
