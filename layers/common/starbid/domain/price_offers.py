"""Prices that are offered to press while a lot is filled in: whole units, made from what is known of it by then.

Whether one of them goes with the rest of the form is for the kind to say (`Kind.contradictions`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from starbid.domain.money import CURRENCIES, MAX_AMOUNT, XTR, Money

STARTS: Final[Mapping[str, tuple[int, ...]]] = {
    XTR: (50, 100, 250, 500),
    "RUB": (500, 1000, 2500, 5000),
    "USD": (5, 10, 25, 50),
    "EUR": (5, 10, 25, 50),
}
"""Start prices of each currency, in whole units."""
_LOWEST: Final = ((1, 10), (1, 4), (1, 2))
_STEPS: Final = ((1, 20), (1, 10), (1, 5))
_RESERVES: Final = ((3, 2), (2, 1), (3, 1))
_BUY_NOW: Final = ((2, 1), (3, 1), (5, 1))
Ratios = tuple[tuple[int, int], ...]


def offers(field: str, known: Mapping[str, Money | None], currency: str) -> tuple[Money, ...]:
    """Sums for one of `lots.AMOUNTS`, the smallest first; none where they depend on what is not known yet."""
    start, floor, reserve = (known.get(name) for name in ("start_price", "floor_price", "reserve_price"))
    if field == "start_price":
        return tuple(Money(units * CURRENCIES[currency].minor_units, currency) for units in STARTS[currency])
    if start is None:
        return ()
    match field:
        case "floor_price":
            return _parts(start, _LOWEST)
        case "drop_amount":
            return _parts(start - floor, _STEPS, least=1) if floor and floor <= start else ()
        case "bid_step":
            return _parts(start, _STEPS, least=1)
        case "reserve_price":
            return _multiples(start, _RESERVES)
        case "buy_now_price":
            return _multiples(max(start, reserve or start), _BUY_NOW)
        case _:
            return ()


def _parts(whole: Money, ratios: Ratios, least: int = 0) -> tuple[Money, ...]:
    """Rounded down, but to `least` units or more."""
    unit = CURRENCIES[whole.currency].minor_units
    units = (whole.amount * top // (bottom * unit) for top, bottom in ratios)
    return _sums((max(least, each - each % _grain(each)) for each in units), whole.currency)


def _multiples(price: Money, ratios: Ratios) -> tuple[Money, ...]:
    """Rounded up."""
    unit = CURRENCIES[price.currency].minor_units
    units = (-(-price.amount * top // (bottom * unit)) for top, bottom in ratios)
    return _sums((each + -each % _grain(each) for each in units), price.currency)


def _grain(units: int) -> int:
    """From 100 units on, two digits and a half of a third: 125 and 1250, but 1050 for 1033."""
    return 1 if units < 100 else 5 * 10 ** (len(str(units)) - 3)


def _sums(units: Iterable[int], currency: str) -> tuple[Money, ...]:
    """Each once, as far as anybody may type it."""
    amounts = {each * CURRENCIES[currency].minor_units for each in units}
    return tuple(Money(amount, currency) for amount in sorted(amounts) if 0 < amount <= MAX_AMOUNT)
