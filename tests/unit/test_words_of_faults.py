"""Limits in what is said about a field: money as money, numbers grouped, days counted, in both languages."""

from __future__ import annotations

import pytest

from starbid.domain.errors import Invalid
from starbid.domain.lot_form import in_typed_units
from starbid.domain.money import MAX_AMOUNT
from starbid.field_words import field_fault
from starbid.i18n import language


def test_a_limit_of_a_price_in_roubles_is_said_as_money() -> None:
    fault = in_typed_units(Invalid("reserve_price", "below_start", least=100_050, currency="RUB"), "RUB")
    assert field_fault(fault, language("ru")) == "Цена не может быть ниже начальной: 1\u202f000,50\u202f₽."


@pytest.mark.parametrize(
    ("currency", "said"),
    [
        ("RUB", "Нужна сумма от 0,01\u202f₽ до 10\u202f000\u202f000\u202f000,00\u202f₽."),
        ("XTR", "Нужно целое число от 1 до 1\u202f000\u202f000\u202f000\u202f000."),
    ],
)
def test_the_limits_of_a_price_are_said_in_the_units_in_which_it_is_typed(currency: str, said: str) -> None:
    fault = in_typed_units(Invalid("start_price", "range", least=1, most=MAX_AMOUNT), currency)
    assert field_fault(fault, language("ru")) == said


@pytest.mark.parametrize("field", ["drop_seconds", "duration_seconds", "extend_seconds"])
def test_the_limits_of_a_time_are_numbers_in_every_currency(field: str) -> None:
    fault = in_typed_units(Invalid(field, "range", least=60, most=86_400), "RUB")
    assert field_fault(fault, language("en")) == "Enter a whole number from 60 to 86,400."


def test_large_numbers_are_grouped() -> None:
    fault = Invalid("text", "length", least=0, most=4000)
    assert field_fault(fault, language("en")) == "Use up to 4,000 characters."


@pytest.mark.parametrize(("days", "said"), [(1, "1 день"), (2, "2 дня"), (30, "30 дней"), (31, "31 день")])
def test_days_are_counted(days: int, said: str) -> None:
    fault = Invalid("until", "too_far", days=days)
    assert field_fault(fault, language("ru")) == f"Выберите дату не позже чем через {said}."
