"""POSTs of the API that come twice."""

from __future__ import annotations

import pytest

from starbid.domain.lots import Lot
from starbid.services.ports import Contended
from tests.support.factories import ANNA, BORIS, SELLER, fields, market, put_up
from tests.support.fakes import Death
from tests.support.web import Answer, Client, program


def bids(lot: Lot) -> str:
    return f"/api/v1/auctions/{lot.auction.id}/bids"


def buy(lot: Lot) -> str:
    return f"/api/v1/auctions/{lot.auction.id}/buy"


def assert_refused(answer: Answer, status: int, code: str) -> None:
    assert (answer.status, answer.code) == (status, code), answer.text


KEY = {"idempotency-key": "order-1"}


def test_the_same_key_and_body_give_the_same_answer_and_one_bid() -> None:
    app, lot = market(start_price=100)
    anna = program(app, ANNA)
    first = anna.post(bids(lot), {"amount": 500}, headers=KEY)
    program(app, BORIS).post(bids(lot), {"amount": 900})
    app.clock.forward(minutes=5)
    again = anna.post(bids(lot), {"amount": 500}, headers=KEY)
    assert (again.status, again.json) == (first.status, first.json) == (201, first.json)
    assert len(app.store.tables.bids) == 2


def test_the_same_key_with_another_body_is_refused() -> None:
    app, lot = market(buy_now_price=900)
    anna = program(app, ANNA)
    anna.post(bids(lot), {"amount": 500}, headers=KEY)
    assert_refused(anna.post(bids(lot), {"amount": 501}, headers=KEY), 422, "idempotency_key_reused")
    assert_refused(anna.post(buy(lot), {"amount": 500}, headers=KEY), 422, "idempotency_key_reused")
    assert len(app.store.tables.bids) == 1


def test_keys_of_two_people_have_nothing_to_do_with_each_other() -> None:
    app, lot = market(start_price=100)
    assert program(app, ANNA).post(bids(lot), {"amount": 500}, headers=KEY).status == 201
    assert program(app, BORIS).post(bids(lot), {"amount": 600}, headers=KEY).status == 201


def test_a_refusal_is_repeated_too_whatever_has_changed_since() -> None:
    app, lot = market(start_price=100)
    anna = program(app, ANNA)
    first = anna.post(bids(lot), {"amount": 1}, headers=KEY)
    assert_refused(first, 409, "bid_too_low")
    app.clock.forward(hours=2)
    assert anna.post(bids(lot), {"amount": 1}, headers=KEY).json == first.json


def test_a_conflict_is_not_remembered() -> None:
    app, lot = market(start_price=100)
    anna = program(app, ANNA)
    app.store.fail_next(Contended(), times=10_000)
    assert_refused(anna.post(bids(lot), {"amount": 500}, headers=KEY), 409, "conflict")
    app.store.heal()
    assert anna.post(bids(lot), {"amount": 500}, headers=KEY).status == 201


def test_an_answer_that_was_lost_is_given_to_the_repeat() -> None:
    app, lot = market(start_price=100)
    anna = program(app, ANNA)
    app.store.fail_next(Death(), after=True)
    with pytest.raises(Death):
        anna.post(bids(lot), {"amount": 500}, headers=KEY)
    again = anna.post(bids(lot), {"amount": 500}, headers=KEY)
    assert (again.status, again.json["number"], len(app.store.tables.bids)) == (201, 1, 1)


def test_of_two_at_the_same_time_one_acts_and_both_get_its_answer() -> None:
    app, lot = market(start_price=100)
    anna = program(app, ANNA)
    others: list[Answer] = []
    app.store.meanwhile(lambda: others.append(anna.post(bids(lot), {"amount": 500}, headers=KEY)))
    mine = anna.post(bids(lot), {"amount": 500}, headers=KEY)
    assert mine.status == 201
    assert mine.json == others[0].json
    assert len(app.store.tables.bids) == 1


def test_other_posts_are_repeated_safely_too() -> None:
    app, lot = market(buy_now_price=900)
    seller = program(app, SELLER)
    posts: list[tuple[Client, str, object]] = [
        (seller, "/api/v1/auctions", fields(title="Once only")),
        (program(app, ANNA), buy(lot), {"seen_price": 900}),
        (seller, f"/api/v1/auctions/{put_up(app).auction.id}/cancel", None),
    ]
    for number, (client, path, body) in enumerate(posts):
        headers = {"idempotency-key": f"key-{number}"}
        first, again = (client.post(path, body, headers=headers) for _ in range(2))
        assert first.status in (200, 201)
        assert (again.status, again.json) == (first.status, first.json)
    assert [card.title for card in app.store.tables.cards.values()].count("Once only") == 1


@pytest.mark.parametrize(("key", "status"), [("k" * 255, 201), ("k" * 256, 422), ("", 422), ("ключ 🔑", 201)])
def test_a_key_has_at_most_255_characters(key: str, status: int) -> None:
    app, lot = market()
    assert program(app, ANNA).post(bids(lot), {"amount": 500}, headers={"idempotency-key": key}).status == status


def test_a_request_of_nobody_is_not_remembered() -> None:
    app, lot = market()
    assert Client(app).post(bids(lot), {"amount": 500}, headers=KEY).status == 401
    assert program(app, ANNA).post(bids(lot), {"amount": 500}, headers=KEY).status == 201
