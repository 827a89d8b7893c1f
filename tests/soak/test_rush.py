"""Rushes, shortened: `make soak` runs more of them, and prints what they came to."""

from __future__ import annotations

from typing import Any

import pytest

from . import rushes

RUSHES, SEED = 96, 4


@pytest.fixture(scope="module")
def found() -> rushes.Tally:
    return rushes.run(RUSHES, SEED)


def test_in_a_rush_every_answer_is_true_and_every_bid_is_decided_once(found: rushes.Tally) -> None:
    assert found.rushes == RUSHES
    assert found.intents > 300
    assert found.batches > 100


def test_rushes_meet_what_they_are_made_for(found: rushes.Tally) -> None:
    """A rush in which nothing happens proves nothing."""
    assert found.met["deaths"] > 30
    assert found.met["stalls"] > 30
    assert found.conflicts > 50
    assert found.withdrawn > 0
    assert found.longest_wait > 2
    assert {"accepted", "bid_too_low", "auction_closed", "insufficient_funds", "died"} <= set(found.answers)
    assert {"english sold", "sealed sold", "vickrey sold", "dutch sold"} <= set(found.lots)


def test_the_report_of_rushes_gives_answers_and_waits(found: rushes.Tally, capsys: Any) -> None:
    rushes.print_report(found)
    out = capsys.readouterr().out
    for line in (f"rushes              {RUSHES}", "waited in line", "decided together"):
        assert line in out
