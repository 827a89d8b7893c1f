"""One claim over a piece of work: done already, somebody is at it, do it."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from starbid.services.claiming import Turn, claimed, received
from tests.support.failing import Death
from tests.support.fake_aws import FakeScratch
from tests.support.mortal import Fate, Mortal

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
LEASE, KEEP = 60, 3600


def turn_at(claims: FakeScratch, seconds: int = 0, keep: int = KEEP) -> Turn:
    with claimed(claims, "work", LEASE, keep, NOW + timedelta(seconds=seconds)) as turn:
        return turn


def test_what_was_done_stays_done_for_as_long_as_it_is_kept() -> None:
    claims = FakeScratch()
    assert turn_at(claims) is Turn.MINE
    assert turn_at(claims, KEEP - 1) is Turn.DONE
    assert turn_at(claims, KEEP) is Turn.MINE


def test_while_somebody_is_at_it_others_are_told_so() -> None:
    claims = FakeScratch()
    with claimed(claims, "work", LEASE, KEEP, NOW) as turn:
        assert turn is Turn.MINE
        assert turn_at(claims) is Turn.BUSY
    assert turn_at(claims) is Turn.DONE


def test_who_was_refused_gives_back_nothing() -> None:
    claims = FakeScratch()
    with claimed(claims, "work", LEASE, KEEP, NOW):
        with pytest.raises(LookupError), claimed(claims, "work", LEASE, KEEP, NOW):
            raise LookupError
        assert turn_at(claims) is Turn.BUSY


def test_work_that_fails_is_given_back() -> None:
    claims = FakeScratch()
    with pytest.raises(LookupError), claimed(claims, "work", LEASE, KEEP, NOW):
        raise LookupError
    assert turn_at(claims) is Turn.MINE


def test_work_of_one_who_died_is_free_when_the_lease_is_over() -> None:
    claims = FakeScratch()
    with pytest.raises(Death), claimed(claims, "work", LEASE, KEEP, NOW):
        raise Death
    assert turn_at(claims, LEASE - 1) is Turn.BUSY
    assert turn_at(claims, LEASE) is Turn.MINE


def test_work_that_is_not_kept_may_be_done_again() -> None:
    claims = FakeScratch()
    assert [turn_at(claims, keep=0) for _ in range(2)] == [Turn.MINE, Turn.MINE]


def test_what_is_kept_no_longer_than_the_lease_costs_one_write() -> None:
    claims = FakeScratch()
    fate = Fate()
    with claimed(Mortal(claims, fate), "work", LEASE, LEASE, NOW) as turn:
        assert turn is Turn.MINE
    assert fate.moments == 2
    assert turn_at(claims, LEASE - 1, keep=LEASE) is Turn.BUSY
    assert turn_at(claims, LEASE, keep=LEASE) is Turn.MINE


@pytest.mark.parametrize(("verb", "keep"), [("finish", KEEP), ("forget", 0)])
def test_a_last_write_that_fails_does_not_undo_the_work(verb: str, keep: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("full")

    claims = FakeScratch()
    monkeypatch.setattr(claims, verb, full)
    with pytest.raises(OSError, match="full"):
        turn_at(claims, keep=keep)
    assert turn_at(claims, LEASE - 1, keep=keep) is Turn.BUSY
    monkeypatch.undo()
    assert turn_at(claims, LEASE, keep=keep) is Turn.MINE


def test_a_failure_is_told_also_where_the_claim_cannot_be_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("full")

    claims = FakeScratch()
    monkeypatch.setattr(claims, "forget", full)
    with pytest.raises(LookupError) as told, claimed(claims, "work", LEASE, KEEP, NOW):
        raise LookupError
    assert "the claim work stays until it lapses" in told.value.__notes__[0]


@pytest.mark.parametrize(("gives_back", "expected"), [(True, Turn.MINE), (False, Turn.DONE)])
def test_somebody_else_is_waited_for(gives_back: bool, expected: Turn, monkeypatch: pytest.MonkeyPatch) -> None:
    claims = FakeScratch()
    claims.claim("work", LEASE, NOW)

    def meanwhile(_: float) -> None:
        if gives_back:
            claims.forget("work")
        else:
            claims.finish("work", KEEP, NOW)

    monkeypatch.setattr("time.sleep", meanwhile)
    with claimed(claims, "work", LEASE, KEEP, NOW, pauses=(0.1, 0.2)) as turn:
        assert turn is expected


def received_at(claims: FakeScratch, seconds: int, failure: type[BaseException] | None = None) -> tuple[Turn, int]:
    """The turn of what came so many seconds after NOW, and when it came first."""
    at = NOW + timedelta(seconds=seconds)
    with suppress(LookupError, Death), received(claims, "work", LEASE, KEEP, at, at) as (turn, first):
        if failure:
            raise failure
    return turn, (first - NOW).seconds


def test_what_comes_again_is_known_by_its_first_receipt_whether_it_failed_or_its_process_died() -> None:
    claims = FakeScratch()
    assert received_at(claims, 1, LookupError) == (Turn.MINE, 1)
    assert received_at(claims, 5, Death) == (Turn.MINE, 1)
    assert received_at(claims, 9)[0] is Turn.BUSY
    assert received_at(claims, 5 + LEASE) == (Turn.MINE, 1)
    assert received_at(claims, 6 + LEASE)[0] is Turn.DONE


def test_a_first_receipt_is_forgotten_when_what_came_is_done_and_no_longer_kept() -> None:
    claims = FakeScratch()
    assert received_at(claims, 1) == (Turn.MINE, 1)
    assert received_at(claims, 1 + KEEP) == (Turn.MINE, 1 + KEEP)


def test_a_first_receipt_that_was_left_over_from_long_ago_is_that_of_another() -> None:
    claims = FakeScratch()
    assert received_at(claims, 1, Death) == (Turn.MINE, 1)
    assert received_at(claims, 1 + KEEP) == (Turn.MINE, 1 + KEEP)
