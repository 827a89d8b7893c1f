"""Limits in what is said about a field: money as money, numbers grouped, days counted, in both languages."""

from __future__ import annotations

import pytest

from starbid.domain.errors import Invalid
from starbid.domain.lot_form import in_typed_units
from starbid.field_words import field_fault
from starbid.i18n import language


def test_a_limit_of_a_price_in_roubles_is_said_as_money() -> None:
    fault = in_typed_units(Invalid("reserve_price", "below_start", least=100_050, currency="RUB"), "RUB")
    assert field_fault(fault, language("ru")) == "Цена не может быть ниже начальной: 1\u202f000,50\u202f₽."


def test_large_numbers_are_grouped() -> None:
    fault = Invalid("text", "length", least=0, most=4000)
    assert field_fault(fault, language("en")) == "Use up to 4,000 characters."


@pytest.mark.parametrize(("days", "said"), [(1, "1 день"), (2, "2 дня"), (30, "30 дней"), (31, "31 день")])
def test_days_are_counted(days: int, said: str) -> None:
    fault = Invalid("until", "too_far", days=days)
    assert field_fault(fault, language("ru")) == f"Выберите дату не позже чем через {said}."
