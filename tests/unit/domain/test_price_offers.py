"""Prices to press are whole, small in number, and made from what is known of the lot."""

from __future__ import annotations

import pytest

from starbid.domain.lots import AMOUNTS
from starbid.domain.money import CURRENCIES, MAX_AMOUNT, Money
from starbid.domain.price_offers import STARTS, offers


def units(field: str, currency: str = "XTR", /, **known: int) -> list[int]:
    """In whole units; `known` in minor ones."""
    made = offers(field, {name: Money(amount, currency) for name, amount in known.items()}, currency)
    unit = CURRENCIES[currency].minor_units
    assert all(price.amount % unit == 0 for price in made), "nobody is offered kopecks"
    return [price.amount // unit for price in made]


def test_every_currency_has_start_prices_of_its_own_size() -> None:
    assert STARTS.keys() == CURRENCIES.keys()
    assert units("start_price") == [50, 100, 250, 500]
    assert units("start_price", "RUB") == [500, 1000, 2500, 5000]


@pytest.mark.parametrize(
    ("field", "known", "expected"),
    [
        ("floor_price", {"start_price": 500}, [50, 125, 250]),
        ("floor_price", {"start_price": 10}, [1, 2, 5]),
        ("floor_price", {"start_price": 3}, [1]),
        ("floor_price", {"start_price": 1}, []),
        ("floor_price", {"start_price": 1033}, [100, 255, 515]),
        ("drop_amount", {"start_price": 500, "floor_price": 100}, [20, 40, 80]),
        ("drop_amount", {"start_price": 10, "floor_price": 5}, [1]),
        ("drop_amount", {"start_price": 10, "floor_price": 10}, [1]),
        ("drop_amount", {"start_price": 10, "floor_price": 11}, []),
        ("drop_amount", {"start_price": 10}, []),
        ("bid_step", {"start_price": 100}, [5, 10, 20]),
        ("bid_step", {"start_price": 1}, [1]),
        ("reserve_price", {"start_price": 100}, [150, 200, 300]),
        ("reserve_price", {"start_price": 1}, [2, 3]),
        ("reserve_price", {"start_price": 1033}, [1550, 2100, 3100]),
        ("buy_now_price", {"start_price": 100}, [200, 300, 500]),
        ("buy_now_price", {"start_price": 100, "reserve_price": 1000}, [2000, 3000, 5000]),
    ],
)
def test_each_field_is_offered_parts_and_multiples(field: str, known: dict[str, int], expected: list[int]) -> None:
    assert units(field, **known) == expected


def test_a_price_with_kopecks_leads_to_whole_roubles() -> None:
    assert units("reserve_price", "RUB", start_price=1250) == [19, 25, 38]
    assert units("floor_price", "RUB", start_price=1250) == [1, 3, 6]
    assert units("floor_price", "RUB", start_price=99) == []


@pytest.mark.parametrize("field", [field for field in AMOUNTS if field != "start_price"])
def test_nothing_is_offered_before_the_start_price_nor_beyond_what_may_be_typed(field: str) -> None:
    assert units(field) == []
    most = {"start_price": MAX_AMOUNT, "floor_price": MAX_AMOUNT}
    assert all(amount <= MAX_AMOUNT for amount in units(field, **most))
