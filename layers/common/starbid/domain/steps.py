"""The default bid steps (spec, section 3), in whole units of the currency."""

from __future__ import annotations

from typing import Final

from starbid.domain.money import CURRENCIES, Money

STEPS: Final = ((100, 1), (500, 5), (1_000, 10), (5_000, 50), (10_000, 100), (50_000, 500))
"""(price below, step); above the last row the step is LARGEST."""
LARGEST: Final = 1_000


def default_step(price: Money) -> Money:
    """The least rise over `price` where the seller fixed none."""
    unit = CURRENCIES[price.currency].minor_units
    step = next((step for limit, step in STEPS if price.amount < limit * unit), LARGEST)
    return Money(step * unit, price.currency)
