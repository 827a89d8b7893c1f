"""Amounts of forms. Fields count minor units, as the API does; with `units=whole` they are as people type them:
whole Stars, roubles and the like with up to two decimals."""

from __future__ import annotations

from collections.abc import Mapping

from starbid.domain.money import CURRENCIES, Money
from starbid.domain.typed_numbers import TypedAmount, typed_amount

WHOLE = "whole"
"""What our own pages send as `units`."""


def of_field(form: Mapping[str, str], name: str) -> TypedAmount:
    """The amount of a form's field, in the units that the form says."""
    return TypedAmount(name, form.get(name, ""), in_minor_units=form.get("units") != WHOLE)


def read(text: str, currency: str) -> int | None:
    """Minor units of an amount in whole units, or None for what is no amount."""
    amount = typed_amount(text, currency)
    return None if amount is None else amount.amount


def typed(amount: Money) -> str:
    """The amount as it stands in a field: `330`, `1250.50`."""
    if CURRENCIES[amount.currency].is_whole:
        return str(amount.amount)
    whole, minor = divmod(amount.amount, 100)
    return f"{whole}.{minor:02}" if minor else str(whole)
