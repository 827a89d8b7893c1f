"""Prices in the filters are typed in whole units of the currency that is chosen, and compared with lots in it alone."""

from __future__ import annotations

from typing import Any

import pytest

from starbid.domain.criteria import read_query
from starbid.i18n import language
from starbid.services.ports import Search
from tests.support.factories import put_up
from tests.support.fakes import START, FakeApp, make_app
from tests.support.fiat import RUB
from tests.support.web import Client, text
from web.browse.home_view import clean, search_form, search_of

CURRENCIES = ("XTR", "RUB")
PRICES = {"A cheap lamp": 49_999, "A lamp": 50_000, "A dear lamp": 50_001}
"""In kopecks."""


@pytest.fixture(scope="module")
def app() -> FakeApp:
    app = make_app()
    for title, price in PRICES.items():
        put_up(app, title=title, start_price=price, goods="physical", currency=RUB)
    put_up(app, title="A key", start_price=500)
    put_up(app, title="A dear key", start_price=50_000)
    app.store.project(app.now())
    return app


def listed(app: FakeApp, **query: Any) -> list[str]:
    page = Client(app).get("/", **query).text
    return [title for title in ("A cheap lamp", "A lamp", "A dear lamp", "A key", "A dear key") if f">{title}<" in page]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"currency": "RUB", "max_price": "500"}, ["A cheap lamp", "A lamp"]),
        ({"currency": "RUB", "max_price": "499,99"}, ["A cheap lamp"]),
        ({"currency": "RUB", "min_price": "500.01"}, ["A dear lamp"]),
        ({"currency": "RUB", "min_price": "500", "max_price": "500"}, ["A lamp"]),
        ({"currency": "RUB", "min_price": "501"}, []),
        ({"currency": "RUB", "min_price": "500.01", "max_price": "500"}, ["A lamp", "A dear lamp"]),
        ({"currency": "XTR", "max_price": "500"}, ["A key"]),
        ({"max_price": "500"}, ["A key"]),
        ({"min_price": "501"}, ["A dear key"]),
        ({"currency": "RUB"}, ["A cheap lamp", "A lamp", "A dear lamp"]),
        ({}, ["A cheap lamp", "A lamp", "A dear lamp", "A key", "A dear key"]),
    ],
)
@pytest.mark.parametrize("sort", ["ending", "price_asc", "price_desc"])
def test_a_price_is_of_the_chosen_currency(app: FakeApp, query: dict[str, str], titles: list[str], sort: str) -> None:
    assert listed(app, sort=sort, **query) == titles


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"currency": "RUB", "max_price": 50_000}, {"A cheap lamp", "A lamp"}),
        ({"currency": "RUB", "max_price": 500}, set()),
        ({"max_price": 50_000}, {"A key", "A dear key"}),
    ],
)
def test_the_api_takes_minor_units_of_the_currency(app: FakeApp, query: dict[str, Any], found: set[str]) -> None:
    items = Client(app).get("/api/v1/auctions", **query).json["items"]
    assert {item["title"] for item in items} == found


def test_prices_the_wrong_way_round_mean_the_same_in_a_list_and_once_it_is_saved() -> None:
    query = {"q": " a  lamp ", "min_price": "300", "max_price": "100"}
    asked, saved = search_of(query, START), read_query(clean(query)).criteria
    assert (asked.text, asked.currency, asked.min_price, asked.max_price) == ("a lamp", "XTR", 100, 300)
    assert (saved.text, saved.currency, saved.min_price, saved.max_price) == ("a lamp", "XTR", 100, 300)


def test_a_price_that_cannot_be_read_chooses_no_currency() -> None:
    for typed in ("abc", "1.5", "1e3", "-5"):
        assert search_of({"max_price": typed}, START) == Search()
    assert search_of({"currency": "RUB", "max_price": "1.234"}, START) == Search(currency="RUB")


@pytest.mark.parametrize(("code", "shown"), [("en", "up to ₽500.00"), ("ru", "до 500,00 ₽")])
def test_the_filter_is_shown_as_money(code: str, shown: str) -> None:
    form = search_form({"currency": "RUB", "max_price": "500"}, CURRENCIES, language(code))
    assert shown in [chip.label.replace("\u202f", " ") for chip in form.chips]


def test_a_filter_by_price_goes_with_its_currency() -> None:
    form = search_form({"currency": "RUB", "max_price": "500", "q": "lamp"}, CURRENCIES, language("en"))
    urls = {chip.label: chip.url for chip in form.chips if chip.removes}
    assert urls["Roubles, ₽"] == "/?q=lamp"
    assert urls["up to ₽500.00"] == "/?q=lamp&currency=RUB"


def test_a_price_alone_says_in_which_currency_it_is(app: FakeApp) -> None:
    form = search_form({"max_price": "500"}, CURRENCIES, language("en"))
    assert [chip.label for chip in form.chips if chip.removes] == ["Stars", "up to ⭐\u202f500"]
    (currency,) = [select for select in form.selects if select.name == "currency"]
    assert [option.value for option in currency.options if option.chosen] == ["XTR"]
    assert "up to ⭐ 500" in text(Client(app).get("/", max_price="500"))


def test_only_currencies_that_lots_are_sold_in_are_offered() -> None:
    def offered(query: dict[str, str]) -> list[str]:
        (select,) = [each for each in search_form(query, CURRENCIES, language("en")).selects if each.name == "currency"]
        return [option.value for option in select.options]

    assert offered({}) == ["", "XTR", "RUB"]
    assert offered({"currency": "EUR"}) == ["", "XTR", "RUB", "EUR"]
