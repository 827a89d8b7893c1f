"""The clerk's jobs about people who leave."""

from __future__ import annotations

from typing import Any

import pytest

import clerk.leaving
from clerk.jobs import UnknownJob, run
from starbid.domain.leaving import GRACE
from tests.support.factories import ANNA, join
from tests.support.fakes import FakeApp, make_app
from tests.support.records import Context


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    app = make_app()
    monkeypatch.setattr(clerk.leaving, "app", lambda: app)
    join(app, ANNA)
    app.departures.ask(ANNA, app.now())
    return app


def do(body: dict[str, Any]) -> None:
    run(body, Context(300_000))


def test_every_hour_those_are_asked_for_whose_day_has_come(app: FakeApp) -> None:
    do({"job": "leavers"})
    assert app.desk_work.asked == []
    app.clock.forward(days=GRACE.days)
    do({"job": "leavers"})
    assert app.desk_work.asked == [("leave", {"user_id": ANNA}, 0)]


def test_one_of_them_leaves(app: FakeApp) -> None:
    app.clock.forward(days=GRACE.days)
    do({"job": "leave", "user_id": ANNA})
    do({"job": "leave", "user_id": ANNA})
    assert app.store.tables.people[ANNA].left_at == app.now()


def test_a_message_about_nobody_changes_nothing(app: FakeApp) -> None:
    do({"job": "leave", "user_id": 12345})
    assert app.store.tables.people[ANNA].left_at is None


@pytest.mark.parametrize("body", [{}, {"user_id": "1"}, {"user_id": None}])
def test_what_nobody_can_read_is_refused(app: FakeApp, body: dict[str, Any]) -> None:
    with pytest.raises(UnknownJob):
        do({"job": "leave", **body})
