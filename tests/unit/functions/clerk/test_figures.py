"""The clerk's jobs about figures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

import clerk.figures
from clerk.jobs import UnknownJob, run
from starbid.domain.analytics.quarters import day_of, quarter_of
from starbid.services.ports import Contended, TryLater
from tests.support import entries as told
from tests.support.fakes import START, FakeApp, make_app

TODAY = day_of(quarter_of(START))


class Context:
    def __init__(self, left: int) -> None:
        self.left = left

    def get_remaining_time_in_millis(self) -> int:
        return self.left


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    app = make_app()
    monkeypatch.setattr(clerk.figures, "app", lambda: app)
    return app


def do(body: dict[str, Any], left: int = 300_000) -> None:
    run(body, Context(left))


def test_every_hour_the_balance_is_looked_at_and_finished_days_are_packed(app: FakeApp) -> None:
    app.stars.stars = 77
    do({"job": "figures"})
    assert app.figures.balances(TODAY, TODAY) == {int(START.timestamp()) // 3600: 77}
    assert max(app.figures.packed) == day_of(quarter_of(START - timedelta(hours=26))) - 1


def test_days_are_packed_though_telegram_is_out_of_order(app: FakeApp) -> None:
    app.stars.fail_next(TryLater(5))
    do({"job": "figures"})
    assert app.figures.packed
    assert not app.figures.stars


def test_days_are_made_again_one_after_the_other(app: FakeApp) -> None:
    app.event_log.keep([told.bid(START, 1), told.bid(START - timedelta(days=3), 1)], START)
    for quarter in app.figures.quarters:
        app.figures.quarters[quarter]["bids"] = 50
    do({"job": "rollups", "day": TODAY - 4, "last": TODAY})
    assert [figures["bids"] for figures in app.figures.quarters.values()] == [1, 1]
    assert TODAY - 3 in app.figures.packed
    assert TODAY not in app.figures.packed


def test_what_there_is_no_time_for_is_another_step(app: FakeApp) -> None:
    do({"job": "rollups", "day": TODAY - 4, "last": TODAY}, left=1)
    assert [(job, facts["day"], facts["last"]) for job, facts, *_ in app.desk_work.asked] == [
        ("rollups", TODAY - 3, TODAY)
    ]


def test_a_day_that_others_write_all_the_time_comes_again(app: FakeApp) -> None:
    app.event_log.keep([told.bid(START, 1)], START)

    def spoil() -> None:
        app.figures.quarters[quarter_of(START)]["bids"] += 1
        app.figures.writes["quarter", quarter_of(START)] += 1

    spoil()
    for _ in range(9):
        app.figures.meanwhile(spoil)
    with pytest.raises(Contended):
        do({"job": "rollups", "day": TODAY, "last": TODAY})


@pytest.mark.parametrize("body", [{}, {"day": "x", "last": 3}, {"day": 3}])
def test_a_body_that_names_no_days_is_none(app: FakeApp, body: dict[str, Any]) -> None:
    with pytest.raises(UnknownJob):
        do({"job": "rollups"} | body)
