"""The JSON API as a program meets it: fields, refusals in their order, and repeats."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.e2e.client import Person
from tests.e2e.town import LOT, Town, amounts_in, bid, error_of

FIELDS = {
    "id", "type", "status", "currency", "goods", "title", "description", "category", "seller_id", "price",
    "next_min_bid", "leader", "you_lead", "your_maximum", "bids_count", "reserve_met", "buy_now_price", "starts_at",
    "ends_at", "version", "card_version",
}  # fmt: skip
NINES, PADDING = "9" * 5000, "x" * 100_000
NINES, PADDING = "9" * 5000, "x" * 100_000


def token(person: Person, name: str = "program") -> dict[str, str]:
    """A header that authenticates as the person."""
    return {"Authorization": f"Bearer {person.calls('/tokens', {'name': name}).json()['token']}"}


def test_a_lot_has_the_fields_of_the_contract_and_no_other(town: Town) -> None:
    lot = town.publish(reserve_price=300, buy_now_price=700)
    seen = town.visitor().get(f"/api/v1/auctions/{lot}").json()
    assert set(seen) == FIELDS
    assert seen["starts_at"].endswith("Z")
    assert (seen["price"], seen["next_min_bid"], seen["reserve_met"], seen["buy_now_price"]) == (100, 100, False, 700)
    assert (seen["leader"], seen["you_lead"], seen["your_maximum"], seen["bids_count"]) == (None, False, None, 0)
    assert (seen["status"], seen["goods"], seen["currency"], seen["type"]) == ("live", "digital", "XTR", "english")


def test_the_wallet_is_by_currency_with_two_numbers_each(town: Town) -> None:
    stranger = Person(town.stack, town.bot, 20, "Nina")
    stranger.says("/start")
    stranger.logs_in()
    assert stranger.web.get("/api/v1/me/wallet").json() == {"XTR": {"available": 0, "held": 0}}


@pytest.mark.parametrize(
    ("price", "step"),
    [(1, 1), (99, 1), (100, 5), (499, 5), (500, 10), (999, 10), (1000, 50), (4999, 50)],
)
def test_without_a_step_of_its_own_a_lot_rises_by_the_table(town: Town, price: int, step: int) -> None:
    lot = town.publish(start_price=price, bid_step=None, duration_seconds=60, extend_seconds=0)
    assert bid(town.anna, lot, price).status_code == 201
    refused = bid(town.boris, lot, price + step - 1)
    assert error_of(refused) == (409, "bid_too_low")
    assert refused.json()["error"]["details"]["next_min_bid"] == price + step
    town.stack.advance(62)


def test_a_maximum_and_a_reserve_stay_hidden(town: Town) -> None:
    maximum, reserve = 1980, 8910
    lot = town.publish(reserve_price=reserve)
    assert bid(town.anna, lot, maximum).status_code == 201
    town.boris.says(f"/auction_{lot}")
    visitor = town.visitor()
    places = [f"/auction/{lot}", f"/api/v1/auctions/{lot}", f"/api/v1/auctions/{lot}/bids", "/"]
    others = [web.get(place).text for web in (visitor, town.boris.web) for place in places]
    told = " ".join([*others, *town.bot.messages_to(town.boris.id)])
    assert not amounts_in(told, maximum, reserve)
    sellers = [town.seller.web.get(place).text for place in places] + town.bot.messages_to(town.seller.id)
    assert amounts_in(" ".join(sellers), maximum, reserve) <= {reserve}
    assert town.anna.lot(lot)["your_maximum"] == maximum
    assert amounts_in(town.anna.web.get(f"/auction/{lot}").text, maximum)
    town.stack.advance(602)


def test_refusals_are_looked_at_in_the_order_of_the_contract(town: Town) -> None:
    poor = Person(town.stack, town.bot, 21, "Poor")
    poor.says("/start")
    poor.logs_in()
    lot = town.publish()
    later = datetime.fromtimestamp(town.seller.now() + 3600, UTC).isoformat()
    scheduled = town.publish(starts_at=later)
    assert town.visitor().post("/api/v1/auctions/nothing/bids", json={"amount": 1}).status_code == 401
    assert bid(poor, "nothing", 0).status_code == 422
    assert error_of(bid(poor, "nothing", 1)) == (404, "not_found")
    assert error_of(bid(town.seller, scheduled, 1)) == (409, "not_started")
    assert error_of(bid(town.seller, lot, 1)) == (409, "own_auction")
    assert error_of(bid(poor, lot, 99)) == (409, "bid_too_low")
    assert error_of(bid(poor, lot, 100)) == (409, "insufficient_funds")
    assert poor.lot(lot)["bids_count"] == 0
    town.stack.advance(602)
    assert error_of(bid(town.seller, lot, 1)) == (409, "auction_closed")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        *((body, 400) for body in ("", "nope", "[]", '{"amount": NaN}', '{"amount": 1', '"500"')),
        *((f'{{"amount": {value}}}', 422) for value in ("0", "-1", "1.5", "100.0", "true", "null", '"500"', "1e400")),
        ("{}", 422),
        (f'{{"amount": {NINES}}}', 422),
        (f'{{"amount": 500, "pad": "{PADDING}"}}', 413),
    ],
)
def test_an_amount_that_is_no_whole_number_above_zero_changes_nothing(town: Town, body: str, status: int) -> None:
    headers = {"Content-Type": "application/json", "X-CSRF-Token": town.anna.token_of()}
    answer = town.anna.web.post("/api/v1/auctions/any/bids", content=body, headers=headers)
    assert answer.status_code == status
    assert answer.json()["error"]["code"]


def test_a_token_alone_authenticates(town: Town) -> None:
    header, visitor = token(town.anna), town.visitor()
    assert visitor.get("/api/v1/me", headers=header).json()["id"] == town.anna.id
    assert town.boris.web.get("/api/v1/me", headers=header).json()["id"] == town.anna.id
    assert town.boris.web.get("/api/v1/me", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert visitor.get("/api/v1/me").status_code == 401
    lot = town.publish()
    assert visitor.post(f"/api/v1/auctions/{lot}/bids", json={"amount": 100}, headers=header).status_code == 201
    assert town.boris.web.post(f"/api/v1/auctions/{lot}/bids", json={"amount": 200}).status_code == 403
    town.stack.advance(602)


def test_the_same_key_gives_the_same_answer_however_often_it_comes_at_once(town: Town) -> None:
    headers, visitor = token(town.anna), town.visitor()
    session = {"Cookie": f"starbid_session={town.anna.web.cookies['starbid_session']}", "X-CSRF-Token": town.anna.token}
    lot, other = town.publish(buy_now_price=700), town.publish()

    def repeated(path: str, body: dict[str, Any], who: dict[str, str]) -> list[httpx.Response]:
        with_key = who | {"Idempotency-Key": f"key of {path}"}
        with ThreadPoolExecutor(10) as pool:
            return list(pool.map(lambda _: visitor.post(f"/api/v1{path}", json=body, headers=with_key), range(10)))

    before = town.anna.wallet()
    deeds: list[tuple[str, dict[str, Any], dict[str, str]]] = [
        (f"/auctions/{other}/bids", {"amount": 300}, headers),
        (f"/auctions/{lot}/buy", {"seen_price": 700}, headers),
        ("/auctions", LOT | {"duration_seconds": 600}, token(town.seller)),
        ("/tokens", {"name": "once"}, session),
    ]
    for path, body, who in deeds:
        answers = repeated(path, body, who)
        assert {answer.status_code for answer in answers} == {201}, path
        assert len({answer.text for answer in answers}) == 1, path
        another = visitor.post(
            f"/api/v1{path}", json=body | {"more": 1}, headers=who | {"Idempotency-Key": f"key of {path}"}
        )
        assert another.status_code == 422
    after = town.anna.wallet()
    assert (before["available"] - after["available"], after["held"] - before["held"]) == (1000, 300)
    assert town.anna.lot(other)["bids_count"] == 1


def test_a_token_makes_no_token_and_a_person_has_twenty_at_most(town: Town) -> None:
    nina = Person(town.stack, town.bot, 22, "Nina")
    nina.logs_in()
    headers = token(nina)
    assert error_of(town.visitor().post("/api/v1/tokens", json={"name": "x"}, headers=headers)) == (
        403,
        "session_required",
    )
    own = nina.token
    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda n: _make(nina, own, n), range(32)))
    assert made.count(201) == len(nina.web.get("/api/v1/tokens").json()["items"]) - 1 == 19


def _make(person: Person, csrf: str, number: int) -> int:
    headers = {"X-CSRF-Token": csrf}
    return person.web.post("/api/v1/tokens", json={"name": f"t{number}"}, headers=headers).status_code


def test_what_the_api_does_not_take_is_refused_by_its_status(town: Town) -> None:
    visitor, header = town.visitor(), token(town.anna)
    assert visitor.put("/api/v1/auctions").status_code == 405
    assert visitor.get("/api/v1/nothing").status_code == 404
    as_form = visitor.post("/api/v1/auctions", data={"title": "x"}, headers=header)
    assert error_of(as_form) == (415, "unsupported_media_type")
    huge = visitor.post("/api/v1/auctions", content=b'{"title": "%s"}' % (b"x" * 7_000_000), headers=header)
    assert huge.status_code == 413


@pytest.mark.parametrize(
    "query",
    [
        "category=nothing", "type=none", "currency=none", "min_price=abc&max_price=-1", "sort=none", "cursor=none",
        "cursor=%F0%9F%98%80", f"min_price={'9' * 30}", f"q={'x' * 3000}", "q=%00", "q=%ff", "min_price=5&max_price=1",
    ],
)  # fmt: skip
def test_no_filter_however_odd_is_a_fault_of_ours(town: Town, query: str) -> None:
    visitor = town.visitor()
    assert visitor.get(f"/?{query}").status_code in (200, 400)
    assert visitor.get(f"/api/v1/auctions?{query}").status_code in (200, 400, 422)
