"""POST routes of the API: what they make, what they refuse and in which order, and what a repeat gets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from starbid.domain.lots import Lot
from starbid.domain.money import XTR
from starbid.services.ports import Contended, Unavailable
from tests.support.factories import ANNA, BORIS, SELLER, fields, join, market, public_id, put_up
from tests.support.fakes import make_app
from tests.support.web import Answer, Client, program


def bids(lot: Lot) -> str:
    return f"/api/v1/auctions/{lot.auction.id}/bids"


def buy(lot: Lot) -> str:
    return f"/api/v1/auctions/{lot.auction.id}/buy"


def assert_refused(answer: Answer, status: int, code: str, **details: object) -> None:
    assert (answer.status, answer.code) == (status, code), answer.text
    error = answer.json["error"]
    assert set(error) == {"code", "message", "details"}
    assert error["message"]
    assert error["details"] == error["details"] | details


# --- bids -------------------------------------------------------------------------------------------------------------


def test_a_bid_answers_201_with_what_was_created() -> None:
    app, lot = market(start_price=100, bid_step=10)
    answer = program(app, ANNA).post(bids(lot), {"amount": 500})
    assert answer.status == 201
    assert answer.json == answer.json | {
        "auction_id": lot.auction.id,
        "number": 1,
        "kind": "bid",
        "amount": 500,
        "price": 100,
        "next_min_bid": 110,
        "you_lead": True,
        "your_maximum": 500,
        "leader": lot.auction.pseudonym(ANNA),
        "placed_at": "2026-05-01T12:00:00.000Z",
    }


def test_the_example_of_the_contract() -> None:
    app, lot = market(start_price=100, bid_step=10, stars=1000)
    program(app, ANNA).post(bids(lot), {"amount": 500})
    answer = program(app, BORIS).post(bids(lot), {"amount": 300}).json
    assert (answer["price"], answer["next_min_bid"], answer["you_lead"], answer["your_maximum"]) == (
        310,
        320,
        False,
        None,
    )
    assert answer["leader"] == lot.auction.pseudonym(ANNA)
    assert program(app, ANNA).get("/api/v1/me/wallet").json == {"XTR": {"available": 500, "held": 500}}
    assert program(app, BORIS).get("/api/v1/me/wallet").json == {"XTR": {"available": 1000, "held": 0}}


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        (0, "range"),
        (-5, "range"),
        (10**12 + 1, "range"),
        (10**39, "range"),
        (1.5, "whole"),
        (500.0, "whole"),
        ("500", "whole"),
        ("five", "whole"),
        (True, "whole"),
        ([500], "whole"),
        ({"amount": 500}, "whole"),
        (None, "required"),
    ],
)
@pytest.mark.parametrize("act", ["bids", "buy"])
def test_an_amount_that_is_none_is_refused_by_field(act: str, amount: object, reason: str) -> None:
    app, lot = market(buy_now_price=900)
    field = {"bids": "amount", "buy": "seen_price"}[act]
    answer = program(app, ANNA).post(f"/api/v1/auctions/{lot.auction.id}/{act}", {field: amount})
    assert_refused(answer, 422, "invalid", field=field, reason=reason)
    assert not app.store.tables.bids


@pytest.mark.parametrize("digits", ["9" * 41, "9" * 5000, "-" + "9" * 5000])
def test_an_enormous_number_is_refused_like_a_large_one(digits: str) -> None:
    app, lot = market()
    answer = program(app, ANNA).post(bids(lot), f'{{"amount": {digits}}}'.encode())
    assert_refused(answer, 422, "invalid", field="amount", reason="range")


def test_a_missing_amount_is_named() -> None:
    app, lot = market()
    assert_refused(program(app, ANNA).post(bids(lot), {}), 422, "invalid", field="amount", reason="required")


def test_a_bid_that_is_too_low_is_told_the_least() -> None:
    app, lot = market(start_price=100, bid_step=10)
    program(app, ANNA).post(bids(lot), {"amount": 500})
    program(app, BORIS).post(bids(lot), {"amount": 300})
    assert_refused(program(app, BORIS).post(bids(lot), {"amount": 319}), 409, "bid_too_low", next_min_bid=320)


def test_an_own_raise_is_a_step_above_the_present_maximum() -> None:
    app, lot = market(start_price=100)
    anna = program(app, ANNA)
    anna.post(bids(lot), {"amount": 500})
    assert_refused(anna.post(bids(lot), {"amount": 500}), 409, "bid_too_low", next_min_bid=510)
    assert_refused(anna.post(bids(lot), {"amount": 509}), 409, "bid_too_low", next_min_bid=510)
    assert anna.post(bids(lot), {"amount": 510}).json["kind"] == "raise"


def test_other_refusals_have_their_names() -> None:
    app, lot = market(start_price=100, stars=150)
    ended, later = put_up(app, duration_seconds=60), put_up(app, starts_at="2026-05-02T12:00:00+00:00")
    join(app, SELLER)
    anna, seller = program(app, ANNA), program(app, SELLER)
    assert_refused(
        anna.post(bids(lot), {"amount": 151}), 409, "insufficient_funds", available=150, needed=151, missing=1
    )
    assert_refused(seller.post(bids(lot), {"amount": 100}), 409, "own_auction")
    assert_refused(anna.post(bids(later), {"amount": 100}), 409, "not_started")
    app.clock.forward(seconds=60)
    assert_refused(anna.post(bids(ended), {"amount": 100}), 409, "auction_closed")
    assert_refused(anna.post("/api/v1/auctions/nothing/bids", {"amount": 100}), 404, "not_found")


def test_a_blocked_person_is_refused_but_can_read() -> None:
    app, lot = market()
    wallets = app.store.tables.wallets
    wallets[ANNA, XTR] = replace(wallets[ANNA, XTR], blocked=True)
    anna = program(app, ANNA)
    assert_refused(anna.post(bids(lot), {"amount": 500}), 403, "blocked")
    assert anna.get(f"/api/v1/auctions/{lot.auction.id}").status == 200


def test_refusals_come_in_the_order_of_the_contract() -> None:
    """Malformed, no such lot, blocked, closed, own lot, too low, no money: each hides what comes after it."""
    app, lot = market(start_price=100)
    join(app, SELLER)
    seller = program(app, SELLER)
    assert_refused(seller.post("/api/v1/auctions/nothing/bids", {"amount": 0}), 422, "invalid")
    assert_refused(seller.post(bids(lot), {"amount": 1}), 409, "own_auction")
    poor = join(app, 55)
    assert_refused(program(app, poor.id).post(bids(lot), {"amount": 99}), 409, "bid_too_low")
    assert_refused(program(app, poor.id).post(bids(lot), {"amount": 100}), 409, "insufficient_funds")
    app.clock.forward(hours=1, seconds=2)
    assert_refused(seller.post(bids(lot), {"amount": 1}), 409, "auction_closed")


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        ({"accept-language": "ru-RU,ru;q=0.9,en;q=0.8"}, "Минимальная ставка"),
        ({"accept-language": "en"}, "The lowest bid is now"),
        ({"accept-language": "de"}, "The lowest bid is now"),
        ({}, "Минимальная ставка"),
    ],
)
def test_a_refusal_speaks_the_language_of_the_caller(headers: dict[str, str], sentence: str) -> None:
    app, lot = market(start_price=100)
    join(app, 77, stars=1000, language="ru")
    answer = program(app, 77).post(bids(lot), {"amount": 1}, headers=headers)
    assert_refused(answer, 409, "bid_too_low")
    assert sentence in answer.json["error"]["message"]


def test_a_conflict_that_waiting_does_not_solve_is_409() -> None:
    app, lot = market()
    anna = program(app, ANNA)
    app.store.fail_next(Contended(), times=10_000)
    assert_refused(anna.post(bids(lot), {"amount": 500}), 409, "conflict")


def test_a_store_that_does_not_answer_is_503_and_says_when_to_come_back() -> None:
    app, lot = market()
    anna = program(app, ANNA)
    app.store.fail_next(Unavailable())
    answer = anna.post(bids(lot), {"amount": 500})
    assert_refused(answer, 503, "unavailable")
    assert answer.headers["retry-after"]


def test_a_fault_of_ours_tells_nothing_of_its_cause() -> None:
    app, lot = market()
    anna = program(app, ANNA)
    app.store.fail_next(RuntimeError("password is 1234"))
    answer = anna.post(bids(lot), {"amount": 500})
    assert_refused(answer, 500, "internal")
    assert "1234" not in answer.text


# --- buying, cancelling, publishing -----------------------------------------------------------------------------------


def test_buying_ends_the_lot() -> None:
    app, lot = market(buy_now_price=900)
    answer = program(app, ANNA).post(buy(lot), {"seen_price": 900})
    assert answer.status == 201
    assert answer.json == answer.json | {"status": "sold", "price": 900, "kind": "buy", "deal": "awaiting_delivery"}
    assert Client(app).get(f"/api/v1/auctions/{lot.auction.id}").json["status"] == "sold"


def test_a_price_that_moved_is_told() -> None:
    app, lot = market(buy_now_price=900)
    assert_refused(program(app, ANNA).post(buy(lot), {"seen_price": 800}), 409, "price_moved", price=900)
    program(app, BORIS).post(bids(lot), {"amount": 100})
    assert_refused(program(app, ANNA).post(buy(lot), {"seen_price": 900}), 409, "price_moved", price=None)


def test_a_seller_cancels_a_lot_without_bids() -> None:
    app, lot = market()
    other = put_up(app)
    path = f"/api/v1/auctions/{lot.auction.id}/cancel"
    assert_refused(program(app, ANNA).post(path), 403, "forbidden")
    answer = program(app, SELLER).post(path)
    assert (answer.status, answer.json["status"]) == (200, "cancelled")
    assert_refused(program(app, SELLER).post(path), 409, "auction_closed")
    program(app, ANNA).post(bids(other), {"amount": 100})
    assert_refused(program(app, SELLER).post(f"/api/v1/auctions/{other.auction.id}/cancel", {}), 409, "has_bids")


@pytest.mark.parametrize("body", [None, {}, {"reason": "a mistake"}])
def test_a_cancellation_needs_no_body(body: object) -> None:
    app, lot = market()
    assert program(app, SELLER).post(f"/api/v1/auctions/{lot.auction.id}/cancel", body).status == 200


def test_publishing_answers_201_with_the_lot() -> None:
    app = make_app()
    join(app, SELLER, seller=True)
    answer = program(app, SELLER).post("/api/v1/auctions", fields(title="A lamp", start_price=250, buy_now_price=900))
    assert answer.status == 201
    assert answer.json == answer.json | {
        "title": "A lamp",
        "price": 250,
        "status": "live",
        "seller_id": public_id(SELLER),
    }
    assert Client(app).get(f"/api/v1/auctions/{answer.json['id']}").json["buy_now_price"] == 900


def test_publishing_needs_a_subscription_and_malformed_comes_first() -> None:
    app = make_app()
    join(app, ANNA)
    anna = program(app, ANNA)
    assert_refused(anna.post("/api/v1/auctions", fields(title="x")), 422, "invalid")
    assert_refused(anna.post("/api/v1/auctions", fields()), 403, "subscription_required")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": None}, "title"),
        ({"title": "ab"}, "title"),
        ({"title": "a" * 81}, "title"),
        ({"title": 5}, "title"),
        ({"description": "a" * 4001}, "description"),
        ({"start_price": None}, "start_price"),
        ({"start_price": 0}, "start_price"),
        ({"start_price": 1.5}, "start_price"),
        ({"start_price": True}, "start_price"),
        ({"reserve_price": 99}, "reserve_price"),
        ({"reserve_price": 200, "buy_now_price": 199}, "buy_now_price"),
        ({"duration_seconds": 59}, "duration_seconds"),
        ({"duration_seconds": 30 * 86_400 + 1}, "duration_seconds"),
        ({"type": "raffle"}, "type"),
        ({"type": ["english"]}, "type"),
        ({"goods": "physical"}, "currency"),
        ({"starts_at": "tomorrow"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, "starts_at"),
        ({"starts_at": "9999-12-31T23:59:59-14:00"}, "starts_at"),
        ({"starts_at": 5}, "starts_at"),
    ],
)
def test_a_lot_that_cannot_be_names_its_fields(changes: dict[str, object], field: str) -> None:
    app = make_app()
    join(app, SELLER, seller=True)
    answer = program(app, SELLER).post("/api/v1/auctions", fields(**changes))
    assert_refused(answer, 422, "invalid")
    assert field in [fault["field"] for fault in answer.json["error"]["details"]["fields"]]
    assert not app.store.tables.auctions
