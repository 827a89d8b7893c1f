"""A newcomer sees how far it is to the first bid, on the pages that lead there, until it is done or hidden."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.people import Reputation
from tests.support.factories import ANNA, BORIS, SELLER, join, person, put_up, wallet
from tests.support.fakes import START, FakeApp, make_app
from tests.support.web import Client
from web.shared.first_steps import NEW_FOR, FirstStep, first_step


def token(page: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found
    return found[1]


def step(page: str) -> str:
    """The link of the step that comes next; empty where the way is not shown."""
    found = re.search(r'<a href="([^"]+)" aria-current="step"', page)
    return found[1] if found else ""


@pytest.fixture
def app() -> FakeApp:
    return make_app()


@pytest.fixture
def lot(app: FakeApp) -> str:
    lot = put_up(app, start_price=100).auction.id
    app.store.project(app.now())
    return lot


def test_a_visitor_is_led_to_the_login_and_back(app: FakeApp, lot: str) -> None:
    assert step(Client(app).get("/").text) == "/login?next=/"
    assert step(Client(app).get(f"/auction/{lot}").text) == f"/login?next=/auction/{lot}"


def test_who_has_no_stars_is_led_to_the_top_up_and_who_has_some_to_the_bid(app: FakeApp, lot: str) -> None:
    join(app, ANNA)
    join(app, BORIS, stars=500)
    anna, boris = Client(app).log_in(ANNA), Client(app).log_in(BORIS)
    for path in ("/", "/wallet", f"/auction/{lot}"):
        assert step(anna.get(path).text) == f"/buy_stars?next={path}"
    assert step(boris.get("/").text) == "#results"
    assert step(boris.get("/wallet").text) == "/"
    assert step(boris.get(f"/auction/{lot}").text) == "#box"


def test_the_way_is_over_with_the_first_bid_even_after_somebody_outbid_it(app: FakeApp, lot: str) -> None:
    join(app, ANNA, stars=500)
    join(app, BORIS, stars=5000)
    anna = Client(app).log_in(ANNA)
    assert anna.post_form(f"/auction/{lot}/bid", amount="100").status == 303
    assert step(anna.get("/").text) == ""
    anna.get(f"/auction/{lot}")
    app.bidding.bid(lot, BORIS, 1000, app.now())
    assert step(anna.get("/").text) == ""


def test_the_way_can_be_hidden_by_anybody_and_leads_back_to_the_page(app: FakeApp, lot: str) -> None:
    somebody = Client(app)
    page = somebody.get(f"/auction/{lot}").text
    hidden = somebody.post_form("/first_steps/hide", csrf_token=token(page), next=f"/auction/{lot}")
    assert (hidden.status, hidden.headers["location"]) == (303, f"/auction/{lot}")
    assert step(somebody.get("/").text) == ""


def test_the_way_is_not_hidden_towards_another_site(app: FakeApp) -> None:
    somebody = Client(app)
    page = somebody.get("/").text
    away = somebody.post_form("/first_steps/hide", csrf_token=token(page), next="https://evil.example/")
    assert away.headers["location"] == "/"


def test_a_seller_is_no_newcomer(app: FakeApp) -> None:
    join(app, SELLER, seller=True)
    assert step(Client(app).log_in(SELLER).get("/").text) == ""


@pytest.mark.parametrize(
    ("after", "expected"),
    [(timedelta(0), FirstStep.BID), (NEW_FOR - timedelta(seconds=1), FirstStep.BID), (NEW_FOR, None)],
)
def test_nobody_is_a_newcomer_for_more_than_thirty_days(after: timedelta, expected: FirstStep | None) -> None:
    assert first_step(person(joined_at=START), wallet(ANNA, 100), START + after) == expected


def test_who_has_dealt_or_may_not_bid_is_shown_no_way() -> None:
    fresh, purse = person(joined_at=START), wallet(ANNA, 100)
    assert first_step(fresh, purse, START) is FirstStep.BID
    assert first_step(replace(fresh, reputation=Reputation(bought=1)), purse, START) is None
    assert first_step(replace(fresh, blocked=True), purse, START) is None
    assert first_step(fresh, replace(purse, blocked=True), START) is None
    assert first_step(fresh, replace(purse, held=purse.available), START) is None


def current(page: str) -> str:
    """The step that a page itself is; empty where it is none."""
    found = re.search(r'<span aria-current="step">([^<]+)</span>', page)
    return found[1] if found else ""


def test_the_login_and_the_top_up_are_steps_of_the_way_and_lead_nowhere_else(app: FakeApp, lot: str) -> None:
    join(app, ANNA)
    anna, visitor = Client(app).log_in(ANNA), Client(app)
    assert current(visitor.get("/login", next=f"/auction/{lot}").text) == "Log in"
    asked = anna.get("/buy_stars", next=f"/auction/{lot}").text
    order = anna.post_form("/buy_stars", amount="100", next=f"/auction/{lot}").text
    assert "data-invoice" in order
    for page in (asked, order):
        assert (current(page), step(page)) == ("Top up", "")
        assert "/first_steps/hide" not in page, "it would lead away from the invoice"


def test_the_way_goes_on_to_the_lot_once_there_are_stars(app: FakeApp, lot: str) -> None:
    join(app, BORIS, stars=500)
    boris = Client(app).log_in(BORIS)
    assert step(boris.get("/buy_stars", next=f"/auction/{lot}").text) == f"/auction/{lot}"
    assert step(boris.get("/buy_stars").text) == "/"


def test_other_pages_do_not_show_the_way(app: FakeApp) -> None:
    assert step(Client(app).get("/help").text) == step(Client(app).get("/terms").text) == ""
