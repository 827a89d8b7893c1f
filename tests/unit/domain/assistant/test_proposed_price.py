"""The start price of a draft that a language model wrote: as it was meant, or none."""

from __future__ import annotations

import json

import pytest

from starbid.domain.assistant.suggestion import MOST_PRICE, read_suggestion


def proposed(price: str) -> str:
    """What becomes of a price, as JSON."""
    found = read_suggestion(f'{{"title": "A lamp", "description": "It shines.", "start_price": {price}}}')
    assert found, "the rest of the draft stands"
    return found.start_price


@pytest.mark.parametrize(
    ("price", "meant"),
    [
        ("1", 1),
        ("1500", 1500),
        ("1500.0", 1500),
        ("1.5e3", 1500),
        (str(MOST_PRICE), MOST_PRICE),
        ('"1500"', 1500),
        ('" 1 500 "', 1500),
        ('"1\u00a0500"', 1500),
        ('"1\u2009500"', 1500),
        ('"1\u202f500"', 1500),
        ('"⭐ 1 500"', 1500),
        ('"\u0661\u0665\u0660\u0660"', 1500),
    ],
)
def test_a_price_that_is_clear_is_proposed(price: str, meant: int) -> None:
    assert proposed(price) == str(meant)


@pytest.mark.parametrize(
    "text",
    [
        "1,500",
        "1.500",
        "1'500",
        "1,500.00",
        "1500.50",
        "-5",
        "−5",
        "1-2",
        "10 to 20",
        "about 40",
        "1e3",
        "0",
        "",
        " ",
        "⭐",
    ],
)
def test_a_price_that_could_be_another_is_not_proposed(text: str) -> None:
    assert proposed(json.dumps(text)) == ""


@pytest.mark.parametrize(
    "price",
    [
        "0", "-5", "0.0", "-5.0", "0.5", "1500.5", "1e21", "1e400", "-1e400", "NaN", "Infinity", "true", "false",
        "null", "[1500]", '{"amount": 1500}', str(MOST_PRICE + 1), f"{MOST_PRICE + 1}.0", "9" * 4000,
        f'"{"9" * 4000}"', f'"{MOST_PRICE + 1}"',
    ],
)  # fmt: skip
def test_what_is_no_price_or_out_of_all_bounds_is_not_proposed(price: str) -> None:
    assert proposed(price) == ""
