"""Watching lots on the site: the button, its form with and without htmx, the list; and lots that begin later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from starbid.services.watching import MOST
from tests.support.factories import ANNA, BORIS, SELLER, market, put_up
from tests.support.fake_watches import fill_list
from tests.support.fakes import START, FakeApp
from tests.support.web import Client

HOURS_2 = 7200
HTMX = {"hx-request": "true"}


@pytest.fixture
def app() -> FakeApp:
    app, _ = market(title="A lamp of the sea", duration_seconds=HOURS_2)
    app.run_streams()
    return app


@pytest.fixture
def lot(app: FakeApp) -> str:
    return next(iter(app.store.tables.auctions))


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return Client(app).log_in(ANNA)


def watching(app: FakeApp, lot: str, user_id: int = ANNA) -> bool:
    return app.watching.is_watching(user_id, lot, app.now())


# --- the button -------------------------------------------------------------------------------------------------------


def test_a_visitor_is_led_to_the_login_and_back(app: FakeApp, lot: str) -> None:
    assert f'href="/login?next=%2Fauction%2F{lot}"' in Client(app).get(f"/auction/{lot}").text
    answer = Client(app).post_form(f"/auction/{lot}/watch")
    assert (answer.status, watching(app, lot)) != (200, True)


def test_without_javascript_the_form_leads_back_to_the_lot(app: FakeApp, lot: str, anna: Client) -> None:
    assert "Add to favourites</button>" in anna.get(f"/auction/{lot}").text
    answer = anna.post_form(f"/auction/{lot}/watch", watch=1)
    assert (answer.status, answer.headers["location"]) == (303, f"/auction/{lot}")
    page = anna.get(f"/auction/{lot}").text
    assert "In favourites</button>" in page
    assert "We will write 15 minutes before the end." in page


def test_the_form_names_what_it_wants_so_that_sending_it_twice_does_no_more(
    app: FakeApp, lot: str, anna: Client
) -> None:
    for wanted, then in ((1, True), (1, True), (0, False), (0, False)):
        anna.post_form(f"/auction/{lot}/watch", watch=wanted)
        assert watching(app, lot) is then


def test_a_form_that_names_nothing_toggles(app: FakeApp, lot: str, anna: Client) -> None:
    for then in (True, False, True):
        assert anna.post_form(f"/auction/{lot}/watch").status == 303
        assert watching(app, lot) is then


def test_htmx_gets_the_button_alone_in_its_new_state(lot: str, anna: Client) -> None:
    answer = anna.post_form(f"/auction/{lot}/watch", headers=HTMX, watch=1)
    assert answer.status == 200
    assert "<html" not in answer.text
    assert 'id="watch"' in answer.text
    assert 'name="watch" value="0"' in answer.text


def test_the_token_is_needed(app: FakeApp, lot: str, anna: Client) -> None:
    assert anna.post_form(f"/auction/{lot}/watch", csrf=False, watch=1).status == 403
    assert not watching(app, lot)


def test_the_seller_sees_no_button(app: FakeApp, lot: str) -> None:
    assert 'id="watch"' not in Client(app).log_in(SELLER).get(f"/auction/{lot}").text


def test_what_is_over_can_only_be_taken_off_the_list(app: FakeApp, lot: str, anna: Client) -> None:
    anna.post_form(f"/auction/{lot}/watch", watch=1)
    app.clock.forward(hours=3)
    assert "In favourites</button>" in anna.get(f"/auction/{lot}").text
    boris = Client(app).log_in(BORIS)
    assert 'id="watch"' not in boris.get(f"/auction/{lot}").text
    assert boris.post_form(f"/auction/{lot}/watch", watch=1).status == 409
    part = boris.post_form(f"/auction/{lot}/watch", headers=HTMX, watch=1)
    assert (part.status, "Bidding on this lot is over." in part.text) == (409, True)


def test_a_full_list_is_said_beside_the_button(app: FakeApp, lot: str, anna: Client) -> None:
    fill_list(app.watches, ANNA, MOST, app.now())
    part = anna.post_form(f"/auction/{lot}/watch", headers=HTMX, watch=1)
    assert (part.status, "Your favourites are full." in part.text) == (409, True)
    assert anna.post_form(f"/auction/{lot}/watch", watch=1).status == 409


def test_a_lot_that_is_not_there_is_not_found(anna: Client) -> None:
    assert anna.post_form("/auction/nothing/watch", watch=1).status == 404


# --- the list ---------------------------------------------------------------------------------------------------------


def test_an_empty_list_says_what_will_be_here(anna: Client) -> None:
    assert "No favourites yet" in anna.get("/watchlist").text


def test_a_visitor_of_the_list_is_asked_to_log_in(app: FakeApp) -> None:
    answer = Client(app).get("/watchlist")
    assert (answer.status, answer.headers["location"]) == (303, "/login?next=%2Fwatchlist")


def test_a_lot_is_taken_off_on_the_list_itself(app: FakeApp, lot: str, anna: Client) -> None:
    anna.post_form(f"/auction/{lot}/watch", watch=1)
    assert "A lamp of the sea" in anna.get("/watchlist").text
    answer = anna.post_form(f"/auction/{lot}/watch", watch=0, next="/watchlist")
    assert answer.headers["location"] == "/watchlist"
    assert "A lamp of the sea" not in anna.get("/watchlist").text


def test_the_way_back_never_leaves_the_site(lot: str, anna: Client) -> None:
    answer = anna.post_form(f"/auction/{lot}/watch", watch=0, next="//evil.example")
    assert answer.headers["location"] == f"/auction/{lot}"


def test_a_long_list_comes_in_pages_and_a_cursor_of_nobody_is_the_first(app: FakeApp, anna: Client) -> None:
    lots = [
        put_up(app, title=f"Lamp {number:02}", duration_seconds=HOURS_2 + number).auction.id for number in range(30)
    ]
    for lot in lots:
        app.watching.watch(ANNA, lot, app.now())
    first, rest = anna.get("/watchlist").text, anna.get("/watchlist", cursor="24").text
    assert ("Lamp 23" in first, "Lamp 24" in first) == (True, False)
    assert ("Lamp 23" in rest, "Lamp 24" in rest) == (False, True)
    assert "/watchlist?cursor=24" in first
    for cursor in ("-1", "x", "²", "9" * 40, "1e3"):
        assert "Lamp 00" in anna.get("/watchlist", cursor=cursor).text


# --- lots that begin later --------------------------------------------------------------------------------------------


def later(app: FakeApp, hours: float = 1, **changes: Any) -> str:
    starts_at = (app.now() + timedelta(hours=hours)).isoformat()
    lot = put_up(app, title="A lamp for tomorrow", starts_at=starts_at, duration_seconds=HOURS_2, **changes)
    app.run_streams()
    return lot.auction.id


def test_a_scheduled_lot_enters_the_lists_at_its_start_without_another_write(app: FakeApp, anna: Client) -> None:
    lot = later(app)

    def listed() -> list[bool]:
        ids = [item["id"] for item in anna.get("/api/v1/auctions").json["items"]]
        return [lot in ids, "A lamp for tomorrow" in anna.get("/").text]

    app.clock.forward(minutes=59, seconds=59.999)
    assert listed() == [False, False]
    app.clock.forward(milliseconds=1)
    assert listed() == [True, True]


@pytest.mark.parametrize("sort", ["ending", "newest", "price_asc", "price_desc", "bids"])
def test_scheduled_lots_make_no_page_short(app: FakeApp, anna: Client, sort: str) -> None:
    for _ in range(30):
        later(app, start_price=50)
    for number in range(25):
        put_up(app, start_price=60 + number, duration_seconds=HOURS_2)
    app.run_streams()
    assert len(anna.get("/api/v1/auctions", sort=sort).json["items"]) == 24


def test_the_page_of_a_scheduled_lot_turns_live_by_itself(app: FakeApp, anna: Client) -> None:
    lot = later(app)
    page = anna.get(f"/auction/{lot}").text
    assert "until the start" in page
    assert "Bidding has not started yet" in page
    assert f'hx-get="/auction/{lot}/live' in page
    assert "due" in page
    tag = anna.get(f"/auction/{lot}/live").headers["etag"]
    assert anna.get(f"/auction/{lot}/live", headers={"if-none-match": tag}).status == 304
    app.clock.forward(hours=1)
    live = anna.get(f"/auction/{lot}/live", headers={"if-none-match": tag}, act="scheduled")
    assert live.status == 200
    assert 'id="one-tap"' in live.text


def test_a_scheduled_lot_is_asked_about_seldom_until_its_start_is_near(app: FakeApp, anna: Client) -> None:
    lot = later(app)
    assert 'hx-trigger="every 20s, due"' in anna.get(f"/auction/{lot}").text
    tag = anna.get(f"/auction/{lot}/live").headers["etag"]
    app.clock.forward(minutes=58)
    assert 'hx-trigger="every 3s, due"' in anna.get(f"/auction/{lot}/live", headers={"if-none-match": tag}).text


@pytest.mark.parametrize(("left", "every"), [(48 * 3600, 10), (24 * 3600, 3), (121, 3), (120, 2), (1, 2)])
def test_a_live_lot_is_asked_about_more_often_towards_its_end(left: int, every: int) -> None:
    app, lot = market(duration_seconds=48 * 3600)
    address = f"/auction/{lot.auction.id}"
    app.clock.forward(seconds=48 * 3600 - left)
    assert f'hx-trigger="every {every}s, due"' in Client(app).log_in(ANNA).get(address).text


def test_a_scheduled_lot_can_be_watched_and_says_what_will_come(app: FakeApp, anna: Client) -> None:
    lot = later(app)
    anna.post_form(f"/auction/{lot}/watch", watch=1)
    assert "We will write at the start and 15 minutes before the end." in anna.get(f"/auction/{lot}").text
    assert "Scheduled" in anna.get("/watchlist").text
    assert {alarm.what: alarm.at - START for alarm in app.scheduler.alarms if alarm.auction_id == lot} == {
        "close": timedelta(minutes=179),
        "start": timedelta(minutes=60),
        "remind": timedelta(minutes=165),
    }


def test_before_its_start_nobody_bids_on_a_scheduled_lot(app: FakeApp, anna: Client) -> None:
    lot = later(app, buy_now_price=500)
    for path, body in (("bids", {"amount": 100}), ("buy", {"seen_price": 500})):
        answer = anna.post(f"/api/v1/auctions/{lot}/{path}", body)
        assert (answer.status, answer.json["error"]["code"]) == (409, "not_started")
    assert "Bidding has not started yet." in anna.post_form(f"/auction/{lot}/bid", amount=100).text
    assert app.store.tables.auctions[lot].bids_count == 0
