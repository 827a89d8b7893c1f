import re
from pathlib import Path

import pytest

from starbid.domain.money import CURRENCIES, CurrencyMismatch, Money, TopUp, stars
from starbid.domain.steps import default_step
from tests.support.factories import xtr


@pytest.mark.parametrize("amount", [1.0, 1.5, "1", None, True])
def test_money_is_a_whole_number_and_nothing_else(amount: object) -> None:
    with pytest.raises(TypeError):
        Money(amount, "XTR")  # type: ignore[arg-type]


def test_an_unknown_currency_is_no_money() -> None:
    with pytest.raises(ValueError, match="DOGE"):
        Money(1, "DOGE")


@pytest.mark.parametrize(
    "mix",
    [
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a < b,
        lambda a, b: a <= b,
        lambda a, b: a > b,
        lambda a, b: a >= b,
        min,
        max,
    ],
)
def test_two_currencies_never_mix(mix: object) -> None:
    with pytest.raises(CurrencyMismatch):
        mix(Money(1, "XTR"), Money(1, "RUB"))  # type: ignore[operator]


def test_stars_are_whole_buy_digital_goods_and_are_bought_for_stars() -> None:
    assert stars(250) == Money(250, "XTR")
    currency = CURRENCIES["XTR"]
    assert (currency.is_whole, currency.goods, currency.top_up) == (True, "digital", TopUp.STARS)


@pytest.mark.parametrize("code", ["RUB", "USD", "EUR"])
def test_fiat_money_has_hundredths_and_buys_physical_goods(code: str) -> None:
    currency = CURRENCIES[code]
    assert (currency.code, currency.minor_units, currency.is_whole) == (code, 100, False)
    assert (currency.goods, currency.top_up) == ("physical", TopUp.BILL)


ABOUT_STARS = {
    "functions/webhook/payments.py",
    "functions/webhook/screens/assistant_packs.py",
    "functions/webhook/screens/stars.py",
    "layers/common/starbid/criteria_words.py",
    "functions/web/wallet/pages.py",
    "functions/web/api/openapi.py",
    "layers/common/starbid/domain/money.py",
    "layers/common/starbid/domain/price_offers.py",
    "layers/common/starbid/services/billing/difference_booking.py",
    "layers/common/starbid/services/billing/paying.py",
    "layers/common/starbid/services/billing/reconciling.py",
}
"""The names and signs of currencies, usual prices in each, and what Telegram itself says in its own currency."""


def test_only_what_is_about_stars_names_them() -> None:
    root = Path(__file__).parents[3]
    files = (file for folder in ("functions", "layers/common/starbid") for file in (root / folder).rglob("*.py"))
    assert {str(file.relative_to(root)) for file in files if re.search(r"\bXTR\b", file.read_text())} == ABOUT_STARS


def test_equal_amounts_of_two_currencies_are_not_equal() -> None:
    assert Money(1, "XTR") != Money(1, "RUB")


def test_adding_subtracting_and_negating_stay_in_the_currency() -> None:
    assert xtr(5) + xtr(3) == xtr(8)
    assert xtr(5) - xtr(8) == xtr(-3)
    assert -xtr(5) == xtr(-5)
    assert not xtr(0)
    assert xtr(-1)


@pytest.mark.parametrize(
    ("price", "fee"), [(1, 0), (19, 0), (20, 1), (39, 1), (40, 2), (310, 15), (999, 49), (1000, 50)]
)
def test_a_fee_is_rounded_down(price: int, fee: int) -> None:
    assert xtr(price).percent(5) == xtr(fee)


def test_a_fee_of_a_large_sum_loses_nothing_to_rounding() -> None:
    assert xtr(10**12 - 1).percent(5) == xtr((10**12 - 1) * 5 // 100)


EDGES = [
    (0, 1),
    (1, 1),
    (99, 1),
    (100, 5),
    (499, 5),
    (500, 10),
    (999, 10),
    (1_000, 50),
    (4_999, 50),
    (5_000, 100),
    (9_999, 100),
    (10_000, 500),
    (49_999, 500),
    (50_000, 1_000),
    (10**12, 1_000),
]


@pytest.mark.parametrize(("price", "step"), EDGES)
def test_the_default_step_changes_at_each_edge_of_the_table(price: int, step: int) -> None:
    assert default_step(xtr(price)) == xtr(step)


@pytest.mark.parametrize("currency", ["RUB", "USD", "EUR"])
@pytest.mark.parametrize(("price", "step"), EDGES)
def test_the_default_step_of_a_currency_with_minor_units_is_in_whole_units(
    price: int, step: int, currency: str
) -> None:
    assert default_step(Money(price * 100, currency)) == Money(step * 100, currency)


def test_a_kopeck_below_an_edge_still_belongs_to_the_row_below() -> None:
    assert default_step(Money(100_00 - 1, "RUB")) == Money(1_00, "RUB")
