"""Amounts of forms, as people type them (spec, section 5): whole Stars, roubles and the like with two decimals."""

from __future__ import annotations

from starbid.domain.money import Money
from starbid.domain.typed_numbers import as_typed, typed_amount


def read(text: str, currency: str) -> int | None:
    """Minor units of an amount in whole units, or None for what is no amount."""
    amount = typed_amount(text, currency)
    return None if amount is None else amount.amount


def typed(amount: Money) -> str:
    """The amount as it stands in a field: `330`, `1250.50`."""
    return as_typed(amount)
