"""Money: a whole number of minor units of one currency, never a float."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

XTR: Final = "XTR"
MINOR_UNITS: Final = {XTR: 1, "RUB": 100, "USD": 100, "EUR": 100}
MAX_AMOUNT: Final = 10**12
"""The largest amount anyone may type, in minor units; keeps sums far from the limits of a stored number."""


class CurrencyMismatch(TypeError):
    """Two currencies met in one calculation: a fault of the program, never of the person."""


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` in minor units (XTR has none, RUB 100 to the rouble) of `currency`; negative only as a difference."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError(f"money is a whole number of minor units, not {self.amount!r}")
        if self.currency not in MINOR_UNITS:
            raise ValueError(f"unknown currency {self.currency!r}")

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(0, currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._same(other)

    def __bool__(self) -> bool:
        return self.amount != 0

    def percent(self, percent: int) -> Money:
        """The given whole per cent of it, rounded down (spec, section 2: the fee)."""
        return Money(self.amount * percent // 100, self.currency)

    def _same(self, other: Money) -> int:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} met {other.currency}")
        return other.amount
