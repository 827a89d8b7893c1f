"""What needs an operator, on the first page of the panel."""

from __future__ import annotations

from datetime import timedelta

import pytest

from starbid.domain.roles import Right, Role
from starbid.services.desk.attention import MOST, TO_READ, Waiting, waiting
from tests.support.factories import ANNA, join, market, put_up
from tests.support.fakes import START, FakeApp
from tests.support.web import Client, text
from web.admin import attention

ADMIN, VIEWER = 900, 800


@pytest.fixture
def app() -> FakeApp:
    app, _ = market()
    join(app, ADMIN)
    join(app, VIEWER, role=Role.VIEWER)
    return app


def dispute(app: FakeApp) -> str:
    lot = put_up(app, start_price=100, buy_now_price=200).auction.id
    app.bidding.buy(lot, ANNA, 200, app.now())
    app.dealing.dispute(ANNA, lot, "It does not work", app.now())
    return lot


def test_up_to_fifty_are_counted_and_more_are_only_told_to_be_there() -> None:
    moments = [START + timedelta(minutes=n) for n in range(TO_READ)]
    assert waiting(()) == Waiting(0, False, None)
    assert waiting(reversed(moments[:MOST])) == Waiting(50, False, START)
    assert waiting(moments) == Waiting(50, True, START)


def test_the_first_page_says_how_many_wait_and_leads_to_them(app: FakeApp) -> None:
    admin = Client(app).log_in(ADMIN)
    assert "Nothing waits for you" in text(admin.get("/admin"))
    dispute(app), dispute(app)
    page = admin.get("/admin")
    assert "2 Disputes the oldest:" in text(page)
    assert 'href="/admin/deals?state=disputed"' in page.text


def test_who_only_looks_sees_it_too(app: FakeApp) -> None:
    dispute(app)
    assert "1 Disputes" in text(Client(app).log_in(VIEWER).get("/admin"))


def test_what_takes_a_right_is_not_shown_to_who_has_it_not(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    dispute(app)
    look = attention._SOURCES["disputes"].look
    monkeypatch.setitem(attention._SOURCES, "disputes", attention._Source(Right.FINANCE, look))
    assert "Disputes the oldest" not in text(Client(app).log_in(VIEWER).get("/admin"))
    assert "Disputes the oldest" in text(Client(app).log_in(ADMIN).get("/admin"))


@pytest.mark.parametrize("name", ["disputes", "weather"])
def test_a_name_that_is_taken_or_has_no_place_is_a_fault_of_the_program(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        attention.source(name, Right.SEE)
