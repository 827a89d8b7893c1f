"""Bids, purchases and the steps of a deal through the forms of a lot's page."""

from __future__ import annotations

import re
from typing import Any

import pytest

from starbid.domain.auction import Auction
from starbid.domain.money import XTR
from tests.support.factories import ANNA, BORIS, SELLER, join, market
from tests.support.fakes import FakeApp
from tests.support.web import Answer, Client, program


class Lot:
    """A market with one lot, and browsers to act in."""

    def __init__(self, **changes: Any) -> None:
        self.app, lot = market(ANNA, BORIS, **({"start_price": 100, "buy_now_price": 900} | changes))
        self.id = lot.auction.id

    def does(self, user_id: int, what: str, **fields: Any) -> Answer:
        return Client(self.app).log_in(user_id).post_form(f"/auction/{self.id}/{what}", **fields)

    @property
    def auction(self) -> Auction:
        return self.app.store.auction(self.id)

    def held(self, user_id: int) -> int:
        return self.app.store.wallet(user_id, XTR).held.amount

    def sell(self, price: int = 500) -> None:
        self.app.bidding.buy(self.id, ANNA, price, self.app.now())


@pytest.fixture
def lot() -> Lot:
    return Lot()


def test_a_bid_leads_back_to_the_lot(lot: Lot) -> None:
    answer = lot.does(ANNA, "bid", amount="500")
    assert (answer.status, answer.headers["location"]) == (303, f"/auction/{lot.id}")
    assert lot.held(ANNA) == 500


@pytest.mark.parametrize("amount", ["", "0", "-5", "1.5", "1e3", "ten", "²²", "9٩", "99999999999999999999", "\x00"])
def test_a_bid_that_is_no_whole_number_is_shown_again_with_the_reason(lot: Lot, amount: str) -> None:
    answer = lot.does(ANNA, "bid", amount=amount)
    assert answer.status == 422
    assert 'id="amount-fault"' in answer.text
    assert lot.auction.bids_count == 0


def test_spaces_between_thousands_are_no_mistake(lot: Lot) -> None:
    assert lot.does(ANNA, "bid", amount="0\u00a0500", confirmed="1").status == 303
    assert lot.held(ANNA) == 500


def test_a_bid_below_the_least_keeps_what_was_typed_and_names_the_least(lot: Lot) -> None:
    lot.app.bidding.bid(lot.id, BORIS, 300, lot.app.now())
    answer = lot.does(ANNA, "bid", amount="101")
    assert answer.status == 409
    assert 'value="101"' in answer.text
    assert "The lowest bid is now ⭐\u202f105." in answer.text


def test_a_bid_without_the_money_offers_round_sums_above_what_is_missing_and_that_itself(lot: Lot) -> None:
    join(lot.app, 50, stars=150)
    answer = lot.does(50, "bid", amount="400")
    assert answer.status == 409
    sums = re.findall(r'name="amount" value="(\d+)"', answer.text.split('class="top-up"')[1].split("</form>")[0])
    assert sums == ["250", "500", "1000", "1500"]
    assert "Top up ⭐\u202f250 and bid" in answer.text
    assert '<input type="hidden" name="maximum" value="400">' in answer.text


def test_a_bid_of_ten_times_the_least_counts_once_it_is_confirmed(lot: Lot) -> None:
    asked = lot.does(ANNA, "bid", amount="1000")
    assert asked.status == 200
    assert 'name="confirmed" value="1"' in asked.text
    assert lot.auction.bids_count == 0
    assert lot.does(ANNA, "bid", amount="1000", confirmed="1").status == 303
    assert lot.held(ANNA) == 1000


def test_a_huge_bid_without_the_money_is_refused_rather_than_asked_about(lot: Lot) -> None:
    assert lot.does(ANNA, "bid", amount="999999999").status == 409


def test_the_own_lot_a_closed_lot_and_a_blocked_person_are_refused(lot: Lot) -> None:
    assert lot.does(SELLER, "bid", amount="500").status == 409
    lot.app.clock.forward(hours=1)
    assert lot.does(ANNA, "bid", amount="500").status == 409
    assert lot.auction.bids_count == 0


def test_somebody_who_is_not_logged_in_is_sent_to_the_login_and_back(lot: Lot) -> None:
    client = Client(lot.app)
    page = client.get(f"/auction/{lot.id}").text
    token = page.split('name="csrf-token" content="')[1].split('"')[0]
    answer = client.post_form(f"/auction/{lot.id}/bid", csrf_token=token, amount="500")
    assert (answer.status, answer.headers["location"]) == (303, f"/login?next=%2Fauction%2F{lot.id}")
    in_place = client.post_form(
        f"/auction/{lot.id}/bid", csrf_token=token, amount="500", headers={"hx-request": "true"}
    )
    assert in_place.headers["hx-redirect"] == f"/login?next=%2Fauction%2F{lot.id}"


def test_a_form_without_its_token_changes_nothing(lot: Lot) -> None:
    answer = Client(lot.app).log_in(ANNA).post_form(f"/auction/{lot.id}/bid", csrf=False, amount="500")
    assert answer.status == 403
    assert "out of date" in answer.text
    assert lot.auction.bids_count == 0


def test_buying_carries_the_price_that_was_seen(lot: Lot) -> None:
    moved = lot.does(ANNA, "buy", seen_price="800")
    assert moved.status == 409
    assert "The price is now ⭐\u202f900." in moved.text
    assert lot.does(ANNA, "buy", seen_price="x").status == 422
    assert lot.does(ANNA, "buy", seen_price="900").status == 303
    assert lot.auction.ending == "sold"


def test_the_seller_cancels_without_bids_and_only_then(lot: Lot) -> None:
    assert lot.does(BORIS, "cancel").status == 403
    assert lot.does(SELLER, "cancel").status == 303
    assert lot.auction.ending == "cancelled"
    other = Lot()
    other.app.bidding.bid(other.id, ANNA, 100, other.app.now())
    assert other.does(SELLER, "cancel").status == 409


def test_a_deal_goes_from_delivery_to_confirmation(lot: Lot) -> None:
    lot.sell(900)
    assert lot.does(ANNA, "confirm").status == 409
    assert lot.does(ANNA, "deliver", text="mine").status == 403
    empty = lot.does(SELLER, "deliver", text="  ")
    assert empty.status == 422
    assert lot.does(SELLER, "deliver", text="The code is 42").status == 303
    assert lot.does(BORIS, "confirm").status == 403
    assert lot.does(ANNA, "confirm").status == 303
    assert lot.app.store.wallet(SELLER, XTR).available.amount == 855


@pytest.mark.parametrize("what", ["deliver", "confirm", "take_back"])
def test_a_step_of_a_deal_on_a_lot_that_is_not_sold_is_refused_with_words(lot: Lot, what: str) -> None:
    for who in (SELLER, ANNA):
        answer = lot.does(who, what, text="too early")
        assert answer.status == 409
        assert "This lot is not sold" in answer.text


def test_a_step_that_is_somebody_elses_is_refused_with_words(lot: Lot) -> None:
    lot.sell(900)
    answer = lot.does(BORIS, "deliver", text="mine")
    assert answer.status == 403
    assert "Only another person can do this." in answer.text


def test_a_delivery_that_is_too_long_stays_in_its_field(lot: Lot) -> None:
    lot.sell(900)
    answer = lot.does(SELLER, "deliver", text="ha" * 2001)
    assert answer.status == 422
    assert "hahaha" in answer.text
    assert "Use 1 to 4,000 characters" in answer.text


def test_the_buyer_takes_the_money_back_after_a_week_without_delivery(lot: Lot) -> None:
    lot.sell(900)
    assert lot.does(ANNA, "take_back").status == 409
    lot.app.clock.forward(days=7)
    assert lot.does(ANNA, "take_back").status == 303
    assert lot.app.store.wallet(ANNA, XTR).available.amount == 10_000


def test_what_was_done_is_told_once(lot: Lot) -> None:
    client = Client(lot.app).log_in(SELLER)
    client.post_form(f"/auction/{lot.id}/cancel")
    assert "The lot is withdrawn." in client.get(f"/auction/{lot.id}").text
    assert "The lot is withdrawn." not in client.get(f"/auction/{lot.id}").text


@pytest.mark.parametrize("what", ["bid", "buy", "cancel", "deliver", "confirm", "take_back"])
def test_nothing_can_be_done_to_a_lot_that_does_not_exist(what: str) -> None:
    app: FakeApp = market(ANNA)[0]
    fields: dict[str, Any] = {"amount": "500", "seen_price": "500", "text": "x"}
    assert Client(app).log_in(ANNA).post_form(f"/auction/nosuchlot/{what}", **fields).status == 404


def test_roubles_are_typed_as_roubles() -> None:
    lot = Lot(goods="physical", currency="RUB", start_price=100_000, buy_now_price=None)
    answer = lot.does(ANNA, "bid", amount="999,50")
    assert answer.status == 409
    assert "The lowest bid is now ₽1,000.00." in answer.text


ALL_ROUBLES = "Enter an amount from ₽0.01 to ₽10,000,000,000.00."
ALL_STARS = "Enter a whole number from 1 to 1,000,000,000,000."


@pytest.mark.parametrize(
    ("terms", "typed", "sentence"),
    [
        ({"goods": "physical", "currency": "RUB"}, "0", ALL_ROUBLES),
        ({"goods": "physical", "currency": "RUB"}, "10000000000,01", ALL_ROUBLES),
        ({}, "0", ALL_STARS),
        ({}, "1000000000001", ALL_STARS),
    ],
)
@pytest.mark.parametrize(("act", "field"), [("bid", "amount"), ("buy", "seen_price")])
def test_the_limits_of_an_amount_are_told_in_the_units_in_which_it_is_typed(
    terms: dict[str, Any], typed: str, sentence: str, act: str, field: str
) -> None:
    lot = Lot(**terms, start_price=100_000, buy_now_price=900_000)
    answer = lot.does(ANNA, act, **{field: typed})
    assert answer.status == 422
    assert sentence in answer.text


@pytest.mark.parametrize(("typed", "status"), [("0,01", 409), ("10000000000", 409)])
def test_an_amount_at_the_limits_is_an_amount(typed: str, status: int) -> None:
    """Too low for the lot, or more than the wallet has, and no fault of the field."""
    lot = Lot(goods="physical", currency="RUB", start_price=100_000, buy_now_price=None)
    assert lot.does(ANNA, "bid", amount=typed).status == status


def test_a_program_that_sends_kopecks_is_told_the_limits_in_kopecks() -> None:
    lot = Lot(goods="physical", currency="RUB", start_price=100_000, buy_now_price=None)
    answer = program(lot.app, ANNA).post(f"/api/v1/auctions/{lot.id}/bids", {"amount": 0})
    assert answer.status == 422
    assert answer.json["error"]["details"] == {"field": "amount", "reason": "range", "least": 1, "most": 10**12}
