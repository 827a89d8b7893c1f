"""The soak, shortened: `make soak` runs longer, and prints what it did."""

from __future__ import annotations

from typing import Any

import pytest

from starbid.domain.kinds import KINDS

from . import course
from .storm import KINDS as FAULTS

STEPS, SEED = 4_000, 8


@pytest.fixture(scope="module")
def found() -> course.Course:
    return course.run(STEPS, SEED)


def test_whatever_fails_and_dies_the_invariants_hold_and_everybody_is_told(found: course.Course) -> None:
    assert found.tally.steps == STEPS
    assert found.tally.checks > STEPS
    assert found.tally.told > 100
    assert found.tally.told_twice <= found.tally.excused


def test_a_seed_brings_the_same_again() -> None:
    """A failure names its seed. `crowd` decides bids in the order of their ids."""
    first, again = (course.run(500, SEED) for _ in range(2))
    assert first.tally.acts["crowd"] > 5
    assert (first.calls, first.injected, first.tally.happened) == (again.calls, again.injected, again.tally.happened)


def test_every_kind_of_fault_was_met_and_every_kind_of_lot_sold(found: course.Course) -> None:
    """A soak in which nothing happens proves nothing."""
    assert set(found.injected) == set(FAULTS)
    assert found.injected["crash"] > 50
    assert found.tally.recoveries > 100
    assert found.tally.holds > 15
    assert found.tally.debts["settled by other money"] > 2
    assert found.tally.debts["settled by a payment"] > 0
    assert {f"{kind} sold" for kind in KINDS} <= set(found.tally.lots)
    assert found.tally.currencies["RUB sold"] > 1
    assert min(found.tally.debts["came up, XTR"], found.tally.debts["came up, RUB"]) > 0


def test_money_went_out_came_back_and_was_looked_for(found: course.Course) -> None:
    payouts = found.tally.payouts
    assert min(payouts["XTR paid"], payouts["RUB paid"], payouts["RUB returned for debt"]) > 0
    assert payouts["gifts sent again"] + payouts["gifts found in the list"] > 0
    assert found.tally.happened["AddressGiven"] > 0


def test_the_helper_was_asked_answered_failed_and_was_paid_for_in_every_way(found: course.Course) -> None:
    answers = found.tally.answers
    assert answers["told"] > 50
    assert answers["told twice"] <= answers["excused"]
    for what in ("paid by trial", "paid by quota", "paid by credit", "stopped", "packs from the wallet"):
        assert answers[what] > 0, what
    assert answers["packs by an invoice"] > answers["packs taken back"] > 0
    failures = ("unreachable", "empty", "unusable", "stopped", "consent")
    assert min(answers[f"failed, {why}"] for why in failures) > 0


def test_the_report_gives_steps_faults_and_what_was_checked(found: course.Course, capsys: Any) -> None:
    course.print_report(found)
    out = capsys.readouterr().out
    for line in (f"seed                {SEED}", f"steps               {STEPS}", "faults injected", "told twice"):
        assert line in out


def test_operators_paused_the_market_and_decided_about_people_and_lots(found: course.Course) -> None:
    assert found.tally.pauses > 5
    assert found.tally.moved > 5
    assert found.tally.refusals["Paused"] > 10
    assert found.tally.refusals["Restricted"] > 0
    assert min(found.tally.happened[name] for name in ("LotHidden", "LotReported", "LotReportsSettled", "LotMoved")) > 0
