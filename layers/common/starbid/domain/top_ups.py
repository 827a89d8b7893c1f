"""How much one is offered to top up by: round sums above what is missing, and what is missing itself."""

from __future__ import annotations

from starbid.domain.money import CURRENCIES, Money

OFFERED = 3
"""Round sums at a time: they are buttons on a phone."""
SMALLEST = 50
"""Whole units; Telegram sells no fewer Stars at once."""
_STEPS = (2, 3, 5, 10)
"""Of SMALLEST and its tenfolds: 50, 100, 150, 250, 500, 1 000, 1 500, ..."""
_BILL_STEPS = (100, 500, 1000)
"""Whole units: a bill is offered over the next round sum of each size."""


def top_ups(missing: Money, most: Money) -> tuple[Money, ...]:
    """What to offer to one who lacks `missing`, the nearest round sum first and the exact one last; each at most
    `most`, which is all there is where more is missing. Currencies without a minor unit.
    """
    if missing >= most:
        return (most,)
    above: list[Money] = []
    unit, step = SMALLEST, 1
    while len(above) < OFFERED and unit <= most.amount:
        for step in (1, *_STEPS[:-1]):
            sum_ = Money(unit * step, missing.currency)
            if missing < sum_ <= most and len(above) < OFFERED:
                above.append(sum_)
        unit *= 10
    return (*above, missing)


def bill_sums(exact: Money, most: Money) -> tuple[Money, ...]:
    """The same for a currency that bills bring in: `exact` is what a bill over what is missing has to be, and stands
    last.
    """
    above: list[Money] = []
    for step in _BILL_STEPS:
        size = step * CURRENCIES[exact.currency].minor_units
        sum_ = Money((exact.amount // size + 1) * size, exact.currency)
        if sum_ in above:
            sum_ += Money(size, exact.currency)
        if sum_ <= most:
            above.append(sum_)
    return (*above, exact)
