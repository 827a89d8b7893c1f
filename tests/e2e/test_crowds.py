"""64 people at once, two seconds before the end, each with one request and no second try: none is turned away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.crowd.scenes import SCENES, Crowd, play_all
from tests.e2e.crowd.square import Square
from tests.e2e.crowd.truth import counts, faults


@pytest.fixture(scope="module")
def square(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Square]:
    running = Square(tmp_path_factory.mktemp("square"))
    yield running
    running.stop()


def test_a_bid_in_time_is_not_turned_away_because_others_bid_at_the_same_moment(square: Square) -> None:
    crowds = list(play_all(square, SCENES))
    books = square.books()
    wrong = [fault for crowd in crowds for fault in faults(crowd, books)]
    assert not wrong, "\n".join([*map(_told, crowds), *wrong])


def _told(crowd: Crowd) -> str:
    return f"{crowd.scene.name}: {dict(counts(crowd))}"
