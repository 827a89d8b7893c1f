"""The time of those who wait: the process's, and the tests'."""

from __future__ import annotations

from datetime import timedelta

import pytest

from starbid import bootstrap
from starbid.bootstrap import App
from starbid.config import read_settings
from tests.support.fakes import ENVIRONMENT, START, FakeClock, FakePace


def test_the_app_waits_in_real_time_by_the_clock_that_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    monkeypatch.setattr("time.monotonic", lambda: 7.5)
    monkeypatch.setattr(bootstrap, "_clock", FakeClock())
    pace = App(read_settings(ENVIRONMENT)).pace
    pace.sleep(0.25)
    assert (pace.now(), pace.elapsed(), slept) == (START, 7.5, [0.25])


@pytest.mark.parametrize("moves", [True, False])
def test_in_tests_a_sleep_takes_no_time_and_has_passed(moves: bool) -> None:
    pace = FakePace(FakeClock(), moves_clock=moves)
    for _ in range(3):
        pace.sleep(0.5)
    assert pace.elapsed() == 1.5
    assert pace.now() - START == timedelta(seconds=1.5 if moves else 0)
