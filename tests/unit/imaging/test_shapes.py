"""A picture that is kept has a shape that Telegram takes as a photo: its sides are at most 20 to 1."""

from __future__ import annotations

import pytest

from starbid.imaging.decoding import MAX_RATIO, resized

from .test_decoding import WHITE, colour_at, drawn, is_near, opened


@pytest.mark.parametrize(
    "size", [(1600, 40), (40, 1600), (12_000, 1), (1, 12_000), (21, 1), (1, 999), (5001, 250), (401, 20), (333, 16)]
)
def test_one_that_is_too_long_gets_white_beside_it(size: tuple[int, int]) -> None:
    for data in resized(drawn(size=size)).values():
        width, height = opened(data).size
        assert max(width, height) <= MAX_RATIO * min(width, height)
        assert (width > height) == (size[0] > size[1])


@pytest.mark.parametrize("size", [(800, 40), (40, 800), (20, 1), (100, 100)])
def test_one_that_telegram_takes_stays_as_it_is(size: tuple[int, int]) -> None:
    assert opened(resized(drawn(size=size))["large"]).size == size


def test_the_picture_stands_in_the_middle() -> None:
    large = resized(drawn(size=(1600, 40)))["large"]
    assert opened(large).size == (1600, 80)
    for x in (10, 800, 1590):
        assert is_near(colour_at(large, (x, 3)), WHITE)
        assert is_near(colour_at(large, (x, 77)), WHITE)
        assert is_near(colour_at(large, (x, 40)), (254, 0, 0))
