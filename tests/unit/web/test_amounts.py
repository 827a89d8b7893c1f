"""Amounts of forms: as people type them, or as the API counts them."""

from __future__ import annotations

import pytest

from web.shared.amounts import of_field

TYPED = [
    ("1 250,50", "RUB", 125_050),
    ("1\u00a0250.5", "EUR", 125_050),
    ("1\u202f250", "XTR", 1_250),
    ("1 250,50", "XTR", None),
    ("12 50", "XTR", None),
    ("1.250", "RUB", None),
    ("1.250,50", "RUB", None),
    ("", "XTR", None),
]


@pytest.mark.parametrize(("text", "currency", "minor"), TYPED)
def test_a_form_of_ours_is_read_as_people_type(text: str, currency: str, minor: int | None) -> None:
    assert of_field({"amount": text, "units": "whole"}, "amount").read(currency) == minor


@pytest.mark.parametrize("currency", ["XTR", "RUB"])
def test_a_form_without_units_counts_minor_units(currency: str) -> None:
    assert of_field({"amount": "1 250"}, "amount").read(currency) == 1_250
    assert of_field({"amount": "1250.5"}, "amount").read(currency) is None
    assert of_field({}, "amount").read(currency) is None
