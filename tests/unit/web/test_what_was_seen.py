"""A page from before an edit bids on nothing: every form of a lot's page carries the version of its words."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

import pytest

from starbid.domain.lots import Lot
from tests.support.factories import ANNA, BORIS, SELLER, draft, market
from tests.support.fakes import FakeApp
from tests.support.web import Client, program

FALLING = {"type": "dutch", "start_price": 500, "floor_price": 100, "drop_amount": 100, "drop_seconds": 600}


def swap(app: FakeApp, lot: Lot, **terms: object) -> None:
    app.publishing.edit(SELLER, lot.auction.id, draft(app.now(), title="A brick", **terms), (), app.now())


def forms(page: str, act: str) -> list[dict[str, Any]]:
    """The hidden fields of each form that sends to `act`."""
    found = re.findall(rf'<form[^>]*action="[^"]*/{act}".*?</form>', page, re.S)
    return [dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)) for form in found]


@pytest.mark.parametrize("terms", [{}, {"buy_now_price": 900}, {"type": "sealed"}, {"type": "vickrey"}, FALLING])
def test_every_form_that_bids_or_buys_carries_the_version(terms: dict[str, Any]) -> None:
    app, lot = market(**terms)
    page = Client(app).log_in(ANNA).get(f"/auction/{lot.auction.id}").text
    sent = forms(page, "bid") + forms(page, "buy")
    assert sent
    assert {form.get("card_version") for form in sent} == {"1"}


def test_a_bid_from_a_page_seen_before_an_edit_is_refused_and_the_new_words_are_shown() -> None:
    app, lot = market()
    anna = Client(app).log_in(ANNA)
    (form, *_) = forms(anna.get(f"/auction/{lot.auction.id}").text, "bid")
    swap(app, lot)
    answer = anna.post_form(f"/auction/{lot.auction.id}/bid", **form)
    assert answer.status == 409
    assert "The seller has changed this lot. Check it: you have not bid or bought anything." in answer.text
    assert "A brick" in answer.text
    assert {fresh["card_version"] for fresh in forms(answer.text, "bid")} == {"2"}
    assert app.store.auction(lot.auction.id).bids_count == 0
    assert anna.post_form(f"/auction/{lot.auction.id}/bid", **forms(answer.text, "bid")[0]).status == 303


def test_a_purchase_from_a_page_seen_before_an_edit_is_refused() -> None:
    app, lot = market(buy_now_price=900)
    anna = Client(app).log_in(ANNA)
    (form,) = forms(anna.get(f"/auction/{lot.auction.id}").text, "buy")
    swap(app, lot, buy_now_price=900)
    assert anna.post_form(f"/auction/{lot.auction.id}/buy", **form).status == 409
    assert app.store.auction(lot.auction.id).bids_count == 0


def test_a_bid_that_is_asked_about_is_asked_about_the_words_it_was_made_on() -> None:
    app, lot = market()
    anna = Client(app).log_in(ANNA)
    asked = anna.post_form(f"/auction/{lot.auction.id}/bid", amount="1500", card_version="1")
    (form,) = forms(asked.text, "bid")
    assert (form["confirmed"], form["card_version"]) == ("1", "1")
    swap(app, lot)
    late = anna.post_form(f"/auction/{lot.auction.id}/bid", amount="1500", card_version="1")
    assert (late.status, "confirmed" in late.text) == (409, False)
    assert anna.post_form(f"/auction/{lot.auction.id}/bid", **form).status == 409


def test_in_place_the_whole_page_is_loaded_again_with_a_note() -> None:
    """Only the price box would be swapped: the new words must be seen."""
    app, lot = market()
    anna = Client(app).log_in(ANNA)
    anna.get(f"/auction/{lot.auction.id}")
    swap(app, lot)
    answer = anna.post_form(
        f"/auction/{lot.auction.id}/bid", amount="500", card_version="1", headers={"hx-request": "true"}
    )
    assert (answer.status, answer.headers["hx-redirect"]) == (409, f"/auction/{lot.auction.id}")
    assert "you have not bid or bought anything" in anna.get(f"/auction/{lot.auction.id}").text


@pytest.mark.parametrize("amount", ["abc", "", "0", "1", "1" + "0" * 20])
def test_in_place_no_refusal_at_all_puts_a_box_of_new_words_beside_the_old_ones(amount: str) -> None:
    app, lot = market(start_price=100)
    anna = Client(app).log_in(ANNA)
    swap(app, lot)
    path, in_place = f"/auction/{lot.auction.id}/bid", {"hx-request": "true"}
    answer = anna.post_form(path, amount=amount, card_version="1", headers=in_place)
    assert (answer.status // 100, answer.headers.get("hx-redirect")) == (4, f"/auction/{lot.auction.id}")
    now = anna.post_form(path, amount=amount, card_version="2", headers=in_place)
    assert (now.status // 100, "hx-redirect" in now.headers) == (4, False)


def test_a_form_that_tells_no_version_is_one_of_the_first_words() -> None:
    app, lot = market(buy_now_price=900)
    anna = Client(app).log_in(ANNA)
    swap(app, lot, buy_now_price=900)
    assert anna.post_form(f"/auction/{lot.auction.id}/bid", amount="500").status == 409
    assert anna.post_form(f"/auction/{lot.auction.id}/buy", seen_price="900").status == 409
    assert app.store.auction(lot.auction.id).bids_count == 0


def test_an_open_page_is_shown_anew_when_the_words_change() -> None:
    """Else the poll would put a price box that bids on the new words beside the old ones."""
    app, lot = market()
    anna = Client(app).log_in(ANNA)
    page = anna.get(f"/auction/{lot.auction.id}").text
    polled = re.search(r'hx-get="([^"?]+)\?([^"]+)"', page)
    assert polled
    path, query = polled[1], dict(parse_qsl(polled[2].replace("&amp;", "&")))
    assert "hx-refresh" not in anna.get(path, **query).headers
    swap(app, lot)
    assert anna.get(path, **query).headers["hx-refresh"] == "true"
    query["card"] = "2"
    app.bidding.bid(lot.auction.id, BORIS, 100, app.now())
    bid = anna.get(path, **query)
    assert (bid.status, "hx-refresh" in bid.headers) == (200, False)


@pytest.mark.parametrize("told", ["x", "1.5", "-1", "1e3"])
def test_a_garbled_version_is_a_fault_of_the_form(told: str) -> None:
    app, lot = market()
    anna = Client(app).log_in(ANNA)
    assert anna.post_form(f"/auction/{lot.auction.id}/bid", amount="500", card_version=told).status == 422
    assert app.store.auction(lot.auction.id).bids_count == 0


def test_the_api_takes_the_version_where_it_is_told_and_shows_it() -> None:
    app, lot = market(buy_now_price=900)
    path = f"/api/v1/auctions/{lot.auction.id}"
    anna = program(app, ANNA)
    assert anna.get(path).json["card_version"] == 1
    swap(app, lot, buy_now_price=900)
    for act, body in (("bids", {"amount": 500}), ("buy", {"seen_price": 900})):
        answer = anna.post(f"{path}/{act}", {**body, "card_version": 1})
        assert (answer.status, answer.code) == (409, "lot_changed")
        assert answer.json["error"]["details"] == {"card_version": 2}
        assert anna.post(f"{path}/{act}", {**body, "card_version": "1"}).status == 422
    assert anna.post(f"{path}/bids", {"amount": 500, "card_version": 2}).json["card_version"] == 2
    assert anna.post(f"{path}/bids", {"amount": 900}).status == 201


@pytest.mark.parametrize("amount", ["501", "509", "499", "1"])
def test_the_leader_is_told_that_they_lead_and_from_where_they_may_raise(amount: str) -> None:
    app, lot = market()
    anna = Client(app).log_in(ANNA)
    anna.post_form(f"/auction/{lot.auction.id}/bid", amount="500")
    answer = anna.post_form(f"/auction/{lot.auction.id}/bid", amount=amount)
    assert answer.status == 409
    assert "You lead. To raise your maximum, bid at least ⭐\u202f510." in answer.text
