"""Prices of a list that are typed: what can be read, and what is asked again."""

import pytest

from tests.support.fakes import FakeApp

from .chatting import Chat, price
from .test_finding_in_the_chat import market, titles


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("50-600", ["Lamp, art", "Lamp, dutch"]),
        ("600 – 50", ["Lamp, art", "Lamp, dutch"]),
        ("⭐ 60", ["Lamp, art"]),
        ("1 000-", ["Lamp, dear"]),
        ("…50", ["Lamp, art"]),
    ],
)
def test_prices_are_typed_too_and_the_wrong_way_round_they_are_turned(
    app: FakeApp, anna: Chat, typed: str, found: list[str]
) -> None:
    market(app)
    anna.say("lamp")
    anna.press_data("f:t", anna.last)
    anna.say(typed)
    assert titles(anna) == found


@pytest.mark.parametrize("typed", ["1e3", "-", "abc", "1-2-3", "1.5", "9" * 40, "١٠٠-5oo", "1,000"])
def test_what_is_no_price_is_asked_again(app: FakeApp, anna: Chat, typed: str) -> None:
    market(app)
    anna.say("lamp")
    anna.press_data("f:t", anna.last)
    anna.say(typed)
    assert anna.words.startswith("That is not a price. Send the prices in numbers")
    anna.press("Back")
    assert f"{price(100)} – {price(500)}" in anna.buttons()
    anna.say("lamp")
    assert len(titles(anna)) == 4


def test_prices_in_another_currency_are_typed_in_it(app: FakeApp, anna: Chat) -> None:
    market(app)
    anna.say("lamp")
    for data in ("f:u:RUB", "f:t"):
        anna.press_data(data, anna.last)
    anna.say("600,50-700.00")
    assert titles(anna) == ["Lamp, roubles"]
    assert "₽600.50 – ₽700.00" in anna.words
