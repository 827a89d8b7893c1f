"""How much one is offered to top up by: what is missing itself, and round sums above it."""

from __future__ import annotations

from starbid.domain.money import CURRENCIES, Money, TopUp

OFFERED = 3
"""Round sums at a time: they are buttons on a phone."""
SMALLEST = 50
"""Whole units of a currency; Telegram sells no fewer Stars at once."""
_STEPS = (2, 3, 5, 10)
"""Of SMALLEST and its tenfolds: 50, 100, 150, 250, 500, 1 000, 1 500, ..."""


def top_ups(missing: Money, least: Money, most: Money) -> tuple[Money, ...]:
    """What to offer to one who lacks `missing`: that sum, or `least` where less is missing, and the nearest round ones
    above it; each at most `most`, which is all there is where more is missing.

    The exact sum is first where a bill brings it, or where it is a round one; otherwise last for Stars: Telegram sells
    those in round packs.
    """
    if missing >= most:
        return (most,)
    exact, is_pack = max(missing, least), False
    above: list[Money] = []
    unit, step = SMALLEST * CURRENCIES[missing.currency].minor_units, 1
    while len(above) < OFFERED and unit <= most.amount:
        for step in (1, *_STEPS[:-1]):
            sum_ = Money(unit * step, missing.currency)
            is_pack |= sum_ == exact
            if exact < sum_ <= most and len(above) < OFFERED:
                above.append(sum_)
        unit *= 10
    brings_any_sum = CURRENCIES[missing.currency].top_up is TopUp.BILL
    return (exact, *above) if brings_any_sum or is_pack else (*above, exact)
