"""The page of a lot of each kind: what it says to whom, before and after its end."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.auction import Ending
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, join, market, put_up
from tests.support.fakes import FakeApp
from tests.support.web import Client, lot_in_words

HOUR = 3600
DUTCH: dict[str, Any] = {
    "type": "dutch", "start_price": 1000, "floor_price": 700, "drop_amount": 100, "drop_seconds": 600,
    "duration_seconds": HOUR,
}  # fmt: skip
SEALED: dict[str, object] = {"type": "sealed", "start_price": 100, "duration_seconds": HOUR}
VICKREY: dict[str, object] = {"type": "vickrey", "start_price": 100, "duration_seconds": HOUR}


def lot_at(app: FakeApp, **changes: Any) -> str:
    return put_up(app, **changes).auction.id


@pytest.fixture
def app() -> FakeApp:
    app, _ = market()
    return app


# --- a price that falls -----------------------------------------------------------------------------------------------


def test_a_dutch_lot_says_what_it_costs_now_and_when_it_falls(app: FakeApp) -> None:
    lot_id = lot_at(app, **DUTCH)
    app.clock.forward(seconds=700)
    shown = lot_in_words(app, lot_id, ANNA)
    assert "⭐ 900 current price, dropping" in shown
    assert "In 8:20 : ⭐ 800" in shown
    assert "Drops by ⭐ 100 every 10 minutes, down to ⭐ 700." in shown
    assert "Buy the lot for ⭐ 900" in shown
    assert "0 bids" not in shown


def test_the_button_carries_the_price_that_is_seen_and_a_lower_one_is_charged(app: FakeApp) -> None:
    lot_id, client = lot_at(app, **DUTCH), Client(app).log_in(ANNA)
    assert 'name="seen_price" value="1000"' in client.get(f"/auction/{lot_id}").text
    app.clock.forward(seconds=600)
    assert client.post_form(f"/auction/{lot_id}/buy", seen_price=1000).status == 303
    assert "⭐ 900 sold for" in lot_in_words(app, lot_id)
    assert "You bought it" in lot_in_words(app, lot_id, ANNA)


def test_a_price_seen_below_the_present_one_is_refused_with_the_present_one_on_the_button(app: FakeApp) -> None:
    lot_id, client = lot_at(app, **DUTCH), Client(app).log_in(ANNA)
    answer = client.post_form(f"/auction/{lot_id}/buy", seen_price=900)
    assert answer.status == 409
    assert "The price is now ⭐\u202f1\u202f000. Buy at this price?" in answer.text
    assert 'name="seen_price" value="1000"' in answer.text


def test_a_bid_on_a_dutch_lot_is_told_that_it_is_bought(app: FakeApp) -> None:
    answer = Client(app).log_in(ANNA).post_form(f"/auction/{lot_at(app, **DUTCH)}/bid", amount=900)
    assert answer.status == 409
    assert "buy it at the current price" in answer.text


def test_the_poll_of_a_dutch_lot_answers_anew_when_the_price_has_fallen(app: FakeApp) -> None:
    lot_id, client = lot_at(app, **DUTCH), Client(app).log_in(ANNA)
    first = client.get(f"/auction/{lot_id}/live")
    known = {"if-none-match": first.headers["etag"]}
    app.clock.forward(seconds=599)
    assert client.get(f"/auction/{lot_id}/live", headers=known).status == 304
    app.clock.forward(seconds=1)
    fallen = client.get(f"/auction/{lot_id}/live", headers=known, act="buy:1000")
    assert fallen.status == 200
    assert "Buy the lot for ⭐\u202f900" in fallen.text
    assert fallen.headers["etag"] != first.headers["etag"]


def test_at_the_floor_it_says_so_and_names_the_missing_money(app: FakeApp) -> None:
    join(app, 50, stars=650)
    lot_id = lot_at(app, **DUTCH)
    app.clock.forward(seconds=2000)
    shown = lot_in_words(app, lot_id, 50)
    assert "⭐ 700 lowest price" in shown
    assert "This is the lowest price. It stays until the end." in shown
    assert "You need ⭐ 50 more to buy now" in shown
    assert "Buy for" not in shown


def test_a_dutch_lot_before_its_start_and_after_its_end(app: FakeApp) -> None:
    early = lot_at(app, **DUTCH | {"starts_at": (app.now() + timedelta(hours=2)).isoformat()})
    unsold = lot_at(app, **DUTCH)
    assert "The sale has not started yet" in lot_in_words(app, early, ANNA)
    assert "⭐ 1 000 starts at" in lot_in_words(app, early)
    app.clock.forward(hours=1, seconds=2)
    assert "Not sold Nobody bought it." in lot_in_words(app, unsold, ANNA)
    assert "Nobody bought it this time." in lot_in_words(app, unsold, SELLER)
    assert "Relist" in lot_in_words(app, unsold, SELLER)
    cancelled = lot_at(app, **DUTCH)
    app.publishing.cancel(SELLER, cancelled, app.now())
    app.clock.forward(minutes=30)
    assert "⭐ 1 000 withdrawn" in lot_in_words(app, cancelled)


def test_lists_show_the_price_of_the_moment(app: FakeApp) -> None:
    lot_at(app, **DUTCH)
    app.store.project(app.now())
    app.clock.forward(seconds=600)
    text = Client(app).get("/").text.replace("\u202f", " ")
    assert "⭐ 900" in text
    assert "current price, dropping" in text


# --- sealed bids ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("terms", [SEALED, VICKREY])
def test_a_sealed_lot_takes_a_bid_and_shows_it_to_its_bidder_alone(app: FakeApp, terms: dict[str, object]) -> None:
    lot_id, anna = lot_at(app, **terms), Client(app).log_in(ANNA)
    shown = lot_in_words(app, lot_id, ANNA)
    assert "⭐ 100 lowest bid · bids are hidden" in shown
    assert "Nobody sees it before the end, not even the seller." in shown
    assert anna.post_form(f"/auction/{lot_id}/bid", amount=457).status == 303
    shown = lot_in_words(app, lot_id, ANNA)
    assert "You bid ⭐ 457; it is frozen until the end." in shown
    assert "Raise your bid" in shown
    assert "outbid" not in shown
    for other in (None, BORIS, SELLER):
        shown = lot_in_words(app, lot_id, other)
        assert "457" not in shown
        assert "1 bid" in shown
        assert "Bids are hidden. Who bid and how much will be shown here when the lot ends." in shown
    assert "A lot with bids can no longer be changed" in lot_in_words(app, lot_id, SELLER)


def test_a_sealed_bid_can_be_raised_and_not_lowered(app: FakeApp) -> None:
    lot_id, anna = lot_at(app, **SEALED), Client(app).log_in(ANNA)
    anna.post_form(f"/auction/{lot_id}/bid", amount=400)
    refused = anna.post_form(f"/auction/{lot_id}/bid", amount=399)
    assert refused.status == 409
    assert "The lowest bid is now ⭐\u202f401." in refused.text
    assert anna.post_form(f"/auction/{lot_id}/bid", amount=900).status == 303
    assert "You bid ⭐ 900" in lot_in_words(app, lot_id, ANNA)


def test_an_unusual_sealed_bid_is_asked_about_once_and_a_raise_is_measured_by_the_own_bid(app: FakeApp) -> None:
    lot_id, anna = lot_at(app, **SEALED), Client(app).log_in(ANNA)
    asked = anna.post_form(f"/auction/{lot_id}/bid", amount=1000)
    assert asked.status == 200
    assert "cannot be lowered or taken back" in asked.text
    assert "Yes, bid ⭐\u202f1\u202f000" in asked.text
    assert app.store.tables.auctions[lot_id].bids_count == 0
    assert anna.post_form(f"/auction/{lot_id}/bid", amount=1000, confirmed=1).status == 303
    assert anna.post_form(f"/auction/{lot_id}/bid", amount=2000).status == 303


def test_a_second_price_lot_tells_after_the_end_what_was_bid_but_for_the_winners_own(app: FakeApp) -> None:
    lot_id = lot_at(app, **VICKREY)
    for bidder, amount in ((ANNA, 450), (BORIS, 777), (CLARA, 300)):
        app.bidding.bid(lot_id, bidder, amount, app.now())
    app.clock.forward(hours=1, seconds=2)
    loser = lot_in_words(app, lot_id, ANNA)
    assert "The highest bid won and pays the second-highest amount: ⭐ 450." in loser
    assert "You did not win this one" in loser
    assert "stays hidden" in loser
    assert "777" not in loser
    winner = lot_in_words(app, lot_id, BORIS)
    assert "You won" in winner
    assert "⭐ 777" in winner
    assert "⭐ 450 sold for" in lot_in_words(app, lot_id)


def test_an_unsold_sealed_lot_tells_nobodys_amount(app: FakeApp) -> None:
    lot_id = lot_at(app, **SEALED | {"reserve_price": 5000})
    app.bidding.bid(lot_id, ANNA, 457, app.now())
    app.clock.forward(hours=1, seconds=2)
    for viewer in (None, ANNA, BORIS, SELLER):
        shown = lot_in_words(app, lot_id, viewer)
        assert "Not sold" in shown
        assert "457" not in shown
        assert "5 000" not in shown
    assert "start price, not sold" in lot_in_words(app, lot_id)


def test_my_bids_say_that_a_sealed_bid_waits_and_never_that_it_is_outbid(app: FakeApp) -> None:
    lot_id = lot_at(app, **SEALED)
    app.bidding.bid(lot_id, ANNA, 457, app.now())
    app.bidding.bid(lot_id, BORIS, 800, app.now())
    app.store.project(app.now())
    text = Client(app).log_in(ANNA).get("/my/bids").text.replace("\u202f", " ")
    assert "hidden, waiting for the end" in text
    assert "⭐ 457" in text
    assert "outbid" not in text
    front = Client(app).log_in(ANNA).get("/").text
    assert "your bid is in" in front
    assert "outbid" not in front


def closing(app: FakeApp, lot_id: str) -> None:
    """As it is while the losers' money is given back: decided, with holds that are not released yet."""
    auctions = app.store.tables.auctions
    lot = auctions[lot_id]
    auctions[lot_id] = replace(lot, ending=Ending.CLOSING, outcome=Ending.SOLD, released_from=lot.bids_count)


def test_a_sealed_lot_that_is_being_settled_says_so_and_tells_no_amount_yet(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    lot_id = lot_at(app, **VICKREY)
    app.bidding.bid(lot_id, ANNA, 457, app.now())
    app.bidding.bid(lot_id, BORIS, 777, app.now())
    app.clock.forward(hours=1, seconds=2)
    closing(app, lot_id)
    monkeypatch.setattr(type(app.closing), "close_if_due", lambda *_: None)
    for viewer in (None, CLARA, SELLER):
        shown = lot_in_words(app, lot_id, viewer)
        assert "Bidding is over The result will be here in a moment." in shown
        assert not re.search(r"\b(457|777)\b", shown)
    assert Client(app).get(f"/api/v1/auctions/{lot_id}/bids").json["items"] == []
    assert Client(app).get(f"/api/v1/auctions/{lot_id}/log").code == "not_closed"
    assert Client(app).get(f"/api/v1/auctions/{lot_id}").json["price"] == 100
    assert "hidden, waiting for the end" in Client(app).log_in(ANNA).get("/my/bids").text


# --- every kind -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("terms", [{"duration_seconds": HOUR}, DUTCH, SEALED, VICKREY])
def test_a_cancelled_lot_tells_the_reason_to_everybody(app: FakeApp, terms: dict[str, object]) -> None:
    lot_id = lot_at(app, **terms)
    app.publishing.cancel(900, lot_id, app.now(), decision=deciding("Not <b>allowed</b> here", app.now()))
    for viewer in (None, ANNA, SELLER):
        shown = lot_in_words(app, lot_id, viewer)
        assert "This lot was withdrawn. Reason: Not &lt;b&gt;allowed&lt;/b&gt; here" in shown
    assert "Relist" not in lot_in_words(app, lot_id, SELLER)
    assert "/relist" not in Client(app).log_in(SELLER).get("/my/auctions").text


@pytest.mark.parametrize("terms", [{"duration_seconds": HOUR}, DUTCH, SEALED, VICKREY])
def test_every_kind_speaks_russian(app: FakeApp, terms: dict[str, object]) -> None:
    join(app, 60, stars=5000, language="ru")
    shown = lot_in_words(app, lot_at(app, **terms), 60)
    own_words = re.sub(r"A lamp|Gives light\.|Person 100|Telegram|Starbid", "", shown)
    assert not re.search(r"[A-Za-z]{4,}", own_words), own_words
