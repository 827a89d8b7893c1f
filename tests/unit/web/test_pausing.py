"""The pause on pages, in the API and in the panel: clear words everywhere, and one act however often it is sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.audit_check import problems
from starbid.domain.roles import Role
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, join, market, put_up
from tests.support.fakes import FakeApp
from tests.support.paused import carry, pause, pause_for, resume
from tests.support.web import Client, program, text

OWNER, VIEWER = 900, 901
BANNER = "Nobody can bid, buy or publish a lot right now."


@pytest.fixture
def app() -> FakeApp:
    app, _ = market(duration_seconds=600, buy_now_price=900)
    join(app, OWNER)
    join(app, VIEWER, role=Role.FINANCE)
    return app


def lot_of(app: FakeApp) -> str:
    return next(iter(app.store.tables.auctions))


# --- what people see --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/auction/{lot}", "/wallet", "/my/bids", "/new_auction", "/terms"])
def test_every_page_says_so_while_it_lasts(app: FakeApp, path: str) -> None:
    anna, path = Client(app).log_in(ANNA), path.format(lot=lot_of(app))
    assert BANNER not in text(anna.get(path))
    pause(app)
    assert BANNER in text(anna.get(path))
    resume(app)
    app.clock.forward(seconds=1)
    assert BANNER not in text(anna.get(path))


def test_a_lot_shows_the_time_that_is_left_and_no_clock_ticks(app: FakeApp) -> None:
    app.bidding.bid(lot_of(app), ANNA, 200, app.now())
    app.clock.forward(seconds=119)
    pause(app)
    app.clock.forward(hours=3)
    for who in (None, ANNA, BORIS, SELLER):
        browser = Client(app).log_in(who) if who else Client(app)
        page = browser.get(f"/auction/{lot_of(app)}")
        assert "8:00" in text(page)
        assert "left, paused" in text(page)
        assert "data-left" not in page.text
        assert f'action="/auction/{lot_of(app)}/bid"' not in page.text
        assert f'action="/auction/{lot_of(app)}/buy"' not in page.text


def test_an_open_page_learns_of_the_pause_and_of_its_end_by_its_poll(app: FakeApp) -> None:
    url, anna = f"/auction/{lot_of(app)}/live", Client(app).log_in(ANNA)
    tag = anna.get(url).headers["etag"]
    pause(app)
    stopped = anna.get(url, headers={"if-none-match": tag})
    assert stopped.status == 200
    assert "left, paused" in text(stopped)
    app.clock.forward(seconds=5)
    assert anna.get(url, headers={"if-none-match": stopped.headers["etag"]}).status == 304
    resume(app)
    again = anna.get(url, headers={"if-none-match": stopped.headers["etag"]})
    assert again.status == 200
    assert "paused" not in text(again)


def test_lists_show_the_time_left_and_keep_lots_whose_end_by_the_clock_is_past(app: FakeApp) -> None:
    app.store.project(app.now())
    pause(app)
    app.clock.forward(hours=3)
    shown = text(Client(app).get("/"))
    assert "left, paused" in shown
    resume(app)
    app.clock.forward(seconds=1)
    shown = text(Client(app).get("/"))
    assert "A lamp" in shown
    assert "paused" not in shown
    carry(app)
    app.store.project(app.now())
    assert "A lamp" in text(Client(app).get("/"))


def test_a_price_in_a_list_stands_still_too(app: FakeApp) -> None:
    falling: dict[str, Any] = {"type": "dutch", "start_price": 1_000, "floor_price": 100, "drop_amount": 100}
    lot = put_up(app, title="Dropping", drop_seconds=60, **falling).auction.id
    app.store.project(app.now())
    app.clock.forward(seconds=119)
    pause(app)
    app.clock.forward(minutes=4)

    def price() -> int:
        items = Client(app).get("/api/v1/auctions").json["items"]
        return int(next(item["price"] for item in items if item["id"] == lot))

    assert price() == 800
    resume(app)
    app.clock.forward(seconds=59)
    assert price() == 800
    app.clock.forward(seconds=1)
    assert price() == 700


def test_the_api_answers_409_paused_and_does_not_remember_it(app: FakeApp) -> None:
    anna, key = program(app, ANNA), {"idempotency-key": "k"}
    pause(app)
    for path, body in (
        (f"/api/v1/auctions/{lot_of(app)}/bids", {"amount": 200}),
        (f"/api/v1/auctions/{lot_of(app)}/buy", {"seen_price": 900}),
    ):
        refused = anna.post(path, body, headers=key | {"idempotency-key": path})
        assert (refused.status, refused.code) == (409, "paused")
        assert "paused" in refused.json["error"]["message"]
    seller = program(app, SELLER)
    lot = {"title": "A lamp", "description": "Light.", "start_price": 100, "duration_seconds": 3600}
    assert seller.post("/api/v1/auctions", lot, headers=key).code == "paused"
    resume(app)
    assert seller.post("/api/v1/auctions", lot, headers=key).status == 201
    path = f"/api/v1/auctions/{lot_of(app)}/bids"
    assert anna.post(path, {"amount": 200}, headers={"idempotency-key": path}).status == 201


def test_a_form_that_is_sent_meanwhile_is_refused_in_words_with_what_was_typed(app: FakeApp) -> None:
    anna = Client(app).log_in(ANNA)
    anna.get(f"/auction/{lot_of(app)}")
    pause(app)
    answer = anna.post_form(f"/auction/{lot_of(app)}/bid", amount="250")
    assert answer.status == 409
    assert "are paused for a moment" in text(answer)
    assert not app.store.tables.bids


def test_the_log_of_a_lot_that_lived_through_pauses_can_be_verified(app: FakeApp) -> None:
    """English with bids on both sides, and a price that fell on both sides."""
    falling: dict[str, Any] = {"type": "dutch", "start_price": 1_000, "floor_price": 100, "drop_amount": 100}
    dutch, english = put_up(app, drop_seconds=60, **falling).auction.id, lot_of(app)
    app.bidding.bid(english, ANNA, 200, app.now())
    app.clock.forward(seconds=130)
    before = app.now()
    pause_for(app, timedelta(hours=1))
    app.bidding.bid(english, CLARA, 300, before)
    app.bidding.bid(english, BORIS, 500, app.now(), confirmed=True)
    app.clock.forward(seconds=60)
    app.bidding.buy(dutch, ANNA, app.browsing.lot(dutch, ANNA, app.now()).price.amount, app.now())
    late = put_up(app, drop_seconds=60, **falling).auction.id
    app.clock.forward(seconds=70)
    arrived = app.now()
    pause_for(app, timedelta(hours=1))
    carry(app)
    app.bidding.buy(late, CLARA, 900, arrived)
    app.clock.forward(hours=2)
    app.closing.sweep(app.now())
    for lot in (english, dutch, late):
        assert problems(app.browsing.log(lot, app.now())) == []


# --- the panel --------------------------------------------------------------------------------------------------------


def owner(app: FakeApp) -> Client:
    browser = Client(app).log_in(OWNER)
    browser.get("/admin")
    return browser


def test_an_owner_pauses_and_resumes_from_the_overview(app: FakeApp) -> None:
    browser = owner(app)
    assert "All lots run" in text(browser.get("/admin"))
    answer = browser.post_form("/admin/pause", reason="a wrong price", request_id="1")
    assert (answer.status, answer.headers["location"]) == (303, "/admin")
    assert "All lots are paused" in text(browser.get("/admin"))
    app.clock.forward(minutes=5)
    assert browser.post_form("/admin/resume", request_id="2").status == 303
    assert "lots get their new ends" in text(browser.get("/admin"))
    carry(app)
    assert "All lots run" in text(browser.get("/admin"))
    assert {entry.address for entry in app.store.tables.audit.values()} != {""}


def test_a_reason_is_needed_to_pause_and_none_to_resume(app: FakeApp) -> None:
    browser = owner(app)
    for reason in ("", "   ", "x" * 501):
        answer = browser.post_form("/admin/pause", reason=reason, request_id="1")
        assert answer.status == 422
    assert not app.store.pauses().history
    assert browser.post_form("/admin/pause", reason="so", request_id="1").status == 303
    assert browser.post_form("/admin/resume", request_id="2").status == 303


def test_pressed_twice_it_counts_once_and_the_second_owner_is_told_how_it_stands(app: FakeApp) -> None:
    browser = owner(app)
    for _ in range(2):
        assert browser.post_form("/admin/pause", reason="so", request_id="1").status == 303
    late = browser.post_form("/admin/pause", reason="also", request_id="other")
    assert late.status == 409
    assert "Somebody was faster" in text(late)
    assert "All lots are paused" in text(late)
    told = browser.post_form("/admin/resume", request_id="2")
    assert told.status == 303
    assert browser.post_form("/admin/resume", request_id="3").status == 409
    assert len(app.store.tables.audit) == 2


@pytest.mark.parametrize("path", ["/admin/pause", "/admin/resume"])
def test_nobody_else_pauses(app: FakeApp, path: str) -> None:
    assert Client(app).post_form(path, reason="so").status == 404
    assert Client(app).log_in(ANNA).post_form(path, reason="so").status == 404
    viewer = Client(app).log_in(VIEWER)
    viewer.get("/admin")
    assert viewer.post_form(path, reason="so").status == 403
    assert 'action="/admin/pause"' not in viewer.get("/admin/pause").text
    assert Client(app).log_in(OWNER).post(path, {"reason": "so"}).status in (403, 415)
    assert not app.store.pauses().history
