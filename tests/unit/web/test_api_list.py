"""The API's list of lots: filters, orders, pages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.factories import ANNA, join, put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Client


@pytest.fixture
def shop() -> FakeApp:
    app = make_app()
    join(app, ANNA, stars=5000)
    put_up(app, title="A red lamp", category="home", start_price=100, duration_seconds=7200)
    app.clock.forward(minutes=1)
    put_up(app, title="Старая книга", category="books", start_price=300, duration_seconds=3600)
    app.clock.forward(minutes=1)
    put_up(app, title="A game", category="games", start_price=200, duration_seconds=9000)
    app.run_streams()
    return app


def titles(answer: Any) -> list[str]:
    assert answer.status == 200, answer.text
    return [item["title"] for item in answer.json["items"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["Старая книга", "A red lamp", "A game"]),
        ({"sort": "newest"}, ["A game", "Старая книга", "A red lamp"]),
        ({"sort": "price_asc"}, ["A red lamp", "A game", "Старая книга"]),
        ({"sort": "price_desc"}, ["Старая книга", "A game", "A red lamp"]),
        ({"category": "books"}, ["Старая книга"]),
        ({"q": "lamps"}, ["A red lamp"]),
        ({"q": "старые книги"}, ["Старая книга"]),
        ({"q": "unicorn"}, []),
        ({"q": "!!!"}, []),
        ({"q": " "}, ["Старая книга", "A red lamp", "A game"]),
        ({"min_price": 150, "max_price": 250}, ["A game"]),
        ({"max_price": 100}, ["A red lamp"]),
        ({"type": "english", "currency": "XTR", "category": ""}, ["Старая книга", "A red lamp", "A game"]),
        ({"type": "dutch"}, []),
        ({"category": ["home", "games"]}, ["A game"]),
    ],
)
def test_lots_are_found_and_sorted(shop: FakeApp, query: dict[str, Any], expected: list[str]) -> None:
    assert titles(Client(shop).get("/api/v1/auctions", **query)) == expected


def test_the_list_comes_in_pages(shop: FakeApp) -> None:
    first = Client(shop).get("/api/v1/auctions", limit=2)
    rest = Client(shop).get("/api/v1/auctions", limit=2, cursor=first.json["cursor"])
    assert titles(first) + titles(rest) == ["Старая книга", "A red lamp", "A game"]
    assert rest.json["cursor"] is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sort", "foo"),
        ("type", "yankee"),
        ("category", "weapons"),
        ("currency", "BTC"),
        ("min_price", "abc"),
        ("min_price", "-1"),
        ("max_price", "1.5"),
        ("max_price", "9" * 40),
        ("limit", "49"),
    ],
)
def test_a_filter_that_does_not_exist_is_named(shop: FakeApp, field: str, value: str) -> None:
    query: dict[str, Any] = {field: value}
    answer = Client(shop).get("/api/v1/auctions", **query)
    assert (answer.status, answer.code) == (422, "invalid")
    assert [fault["field"] for fault in answer.json["error"]["details"]["fields"]] == [field]


def test_a_range_that_is_upside_down_is_refused(shop: FakeApp) -> None:
    assert Client(shop).get("/api/v1/auctions", min_price=300, max_price=200).status == 422


def test_a_query_that_is_not_utf8_is_malformed(shop: FakeApp) -> None:
    answer = Client(shop).send("GET", "/api/v1/auctions", "q=%ff%fe")
    assert (answer.status, answer.code) == (400, "malformed")
