"""A newcomer sees how far it is to the first bid, on the pages that lead there, until it is done or hidden."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.bills import ProviderStatus
from starbid.domain.money import XTR
from starbid.domain.people import Reputation
from starbid.domain.wallet import Wallet
from tests.support.billed import make_shop
from tests.support.factories import ANNA, BORIS, SELLER, join, pay, person, put_up, wallet
from tests.support.fakes import START, FakeApp, make_app
from tests.support.fiat import RUB, rub
from tests.support.physical import earn_roubles, physical
from tests.support.there import there
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
    return make_app({"TOPUP_QIWI_SECRET_KEY": "q"})


@pytest.fixture
def lot(app: FakeApp) -> str:
    lot = put_up(app, start_price=100).auction.id
    app.store.project(app.now())
    return lot


def test_a_visitor_is_led_to_the_login_and_back(app: FakeApp, lot: str) -> None:
    assert step(Client(app).get("/").text) == "/login?next=/"
    assert step(Client(app).get(f"/auction/{lot}").text) == f"/login?next=/auction/{lot}"


@pytest.fixture
def lamp(app: FakeApp) -> str:
    """A lot whose first bid is 500 roubles."""
    lamp = put_up(app, **physical()).auction.id
    app.store.project(app.now())
    return lamp


def test_who_has_no_stars_is_led_to_the_top_up_and_who_has_some_to_the_bid(app: FakeApp, lot: str) -> None:
    join(app, ANNA)
    join(app, BORIS, stars=500)
    anna, boris = Client(app).log_in(ANNA), Client(app).log_in(BORIS)
    for path in ("/", "/wallet"):
        assert step(anna.get(path).text) == f"/buy_stars?next={path}"
    assert step(anna.get(f"/auction/{lot}").text) == f"/buy_stars?amount=100&amp;next=%2Fauction%2F{lot}"
    assert step(boris.get("/").text) == "#results"
    assert step(boris.get("/wallet").text) == "/"
    assert step(boris.get(f"/auction/{lot}").text) == "#box"


# --- a lot for roubles ------------------------------------------------------------------------------------------------


def test_a_lot_is_topped_up_for_in_its_own_currency_with_what_is_missing(app: FakeApp, lamp: str) -> None:
    join(app, ANNA)
    anna = Client(app).log_in(ANNA)
    assert step(anna.get(f"/auction/{lamp}").text) == f"/topup?amount=500&amp;next=%2Fauction%2F{lamp}"
    earn_roubles(app, ANNA, 20_050)
    assert step(anna.get(f"/auction/{lamp}").text) == "#box", "it is not nothing, and the box says what is missing"


def test_where_no_roubles_come_in_the_way_leads_to_no_form_for_stars() -> None:
    app = make_app()
    lamp = put_up(app, **physical()).auction.id
    join(app, ANNA)
    page = Client(app).log_in(ANNA).get(f"/auction/{lamp}").text
    assert (step(page), current(page)) == ("", "Top up")


def test_stars_are_no_money_for_a_lot_in_roubles_nor_roubles_for_one_in_stars(
    app: FakeApp, lot: str, lamp: str
) -> None:
    join(app, ANNA, stars=500)
    join(app, BORIS)
    earn_roubles(app, BORIS, 100_000)
    anna, boris = Client(app).log_in(ANNA), Client(app).log_in(BORIS)
    assert (step(anna.get(f"/auction/{lot}").text), step(boris.get(f"/auction/{lamp}").text)) == ("#box", "#box")
    assert step(anna.get(f"/auction/{lamp}").text).startswith("/topup?")
    assert step(boris.get(f"/auction/{lot}").text).startswith("/buy_stars?")
    assert "(done)" not in anna.get(f"/auction/{lamp}").text.split("Top up", 1)[1].split("</li>")[0]


def test_roubles_that_a_page_has_seen_count_on_the_pages_that_read_none(app: FakeApp, lot: str, lamp: str) -> None:
    join(app, ANNA)
    earn_roubles(app, ANNA, 100_000)
    anna = Client(app).log_in(ANNA)
    anna.get(f"/auction/{lamp}")
    app.store.trips.clear()
    assert step(anna.get("/").text) == "#results"
    assert "wallet" not in app.store.trips, "nothing is read for it"
    assert step(anna.get(f"/auction/{lot}").text).startswith("/buy_stars?"), "they pay for no lot in Stars"


def test_roubles_of_one_person_are_not_those_of_the_next_in_the_same_browser(app: FakeApp) -> None:
    join(app, ANNA)
    join(app, BORIS)
    earn_roubles(app, ANNA, 100_000)
    browser = Client(app).log_in(ANNA)
    browser.get("/wallet")
    assert step(browser.get("/").text) == "#results"
    assert step(browser.log_in(BORIS).get("/").text) == "/buy_stars?next=/"


def test_roubles_that_are_gone_are_forgotten_where_that_shows(app: FakeApp) -> None:
    join(app, ANNA)
    earn_roubles(app, ANNA, 100_000)
    anna = Client(app).log_in(ANNA)
    anna.get("/wallet")
    earn_roubles(app, ANNA, -100_000)
    anna.get("/wallet")
    assert step(anna.get("/").text) == "/buy_stars?next=/"


def test_who_leads_in_roubles_from_the_chat_is_no_newcomer_where_it_shows(app: FakeApp, lamp: str) -> None:
    for path in ("/", "/wallet", "/my/bids", f"/auction/{lamp}"):
        who = ANNA + len(path)
        join(app, who)
        earn_roubles(app, who, 1_000_000)
        least = there(app.browsing.lot(lamp, who, app.now()).next_min_bid)
        app.bidding.bid(lamp, who, least.amount, app.now())
        app.store.project(app.now())
        browser = Client(app).log_in(who)
        assert step(browser.get(path).text) == "", path
        assert step(browser.get("/settings").text) == "", "it stays so"


# --- its end ----------------------------------------------------------------------------------------------------------


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
    assert first_step(person(joined_at=START), (wallet(ANNA, 100),), START + after) == expected


def test_who_has_dealt_or_may_not_bid_is_shown_no_way() -> None:
    fresh, purse = person(joined_at=START), wallet(ANNA, 100)
    assert first_step(fresh, (purse,), START) is FirstStep.BID
    assert first_step(replace(fresh, reputation=Reputation(bought=1)), (purse,), START) is None
    assert first_step(replace(fresh, blocked=True), (purse,), START) is None
    assert first_step(fresh, (replace(purse, blocked=True),), START) is None
    assert first_step(fresh, (replace(purse, held=purse.available),), START) is None


def test_money_that_is_frozen_in_any_currency_ends_the_way_and_only_that_of_the_lot_can_be_bid() -> None:
    fresh, stars, roubles = person(joined_at=START), wallet(ANNA, 100), Wallet.empty(ANNA, RUB)
    assert first_step(fresh, (stars, roubles), START) is FirstStep.BID
    assert first_step(fresh, (stars, roubles), START, RUB) is FirstStep.TOP_UP
    assert first_step(fresh, (stars, replace(roubles, available=rub(1))), START, RUB) is FirstStep.BID
    assert first_step(fresh, (stars, replace(roubles, held=rub(1))), START, XTR) is None
    assert first_step(fresh, (stars,), START, RUB) is FirstStep.TOP_UP, "a wallet that was not read has nothing"


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


def test_topping_up_in_roubles_is_a_step_of_the_way_until_they_are_there() -> None:
    app, bills = make_shop()
    pay(app, ANNA, 500)
    back = f"/auction/{put_up(app, **physical()).auction.id}"
    anna = Client(app).log_in(ANNA)
    asked = anna.get("/topup", next=back)
    bill = anna.post_form("/topup", amount="500", next=back, provider="qiwi").headers["location"]
    path, query = bill.split("?")
    other = anna.post_form("/topup", amount="900", next=back, provider="qiwi")
    for page in (asked, anna.send("GET", path, query), other):
        assert (current(page.text), step(page.text)) == ("Top up", ""), "Stars do not count here"
    bills.say(path.removeprefix("/topup/"), ProviderStatus.PAID)
    app.clock.forward(seconds=5)
    part = anna.send("GET", path, query, {"hx-request": "true"}).text
    assert (current(part), step(part)) == ("", back)
    assert step(anna.send("GET", path, query).text) == back
    assert step(anna.get("/").text) == "#results"


def test_the_way_goes_on_to_the_lot_once_there_are_stars(app: FakeApp, lot: str) -> None:
    join(app, BORIS, stars=500)
    boris = Client(app).log_in(BORIS)
    assert step(boris.get("/buy_stars", next=f"/auction/{lot}").text) == f"/auction/{lot}"
    assert step(boris.get("/buy_stars").text) == "/"


@pytest.mark.parametrize(
    "path",
    [
        "/profile",
        "/my/bids",
        "/my/auctions",
        "/watchlist",
        "/settings",
        "/achievements",
        "/my/searches",
        "/wallet/payments",
    ],
)
def test_the_way_is_on_every_page_that_a_newcomer_moves_on(app: FakeApp, path: str) -> None:
    join(app, ANNA)
    join(app, BORIS, stars=500)
    anna, boris = Client(app).log_in(ANNA), Client(app).log_in(BORIS)
    assert step(anna.get(path).text) == f"/buy_stars?next={path}"
    assert step(boris.get(path).text) == "/"


def test_other_pages_do_not_show_the_way(app: FakeApp) -> None:
    assert step(Client(app).get("/help").text) == step(Client(app).get("/terms").text) == ""
