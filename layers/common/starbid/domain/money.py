"""Money: a whole number of minor units of one currency, never a float."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

XTR: Final = "XTR"
"""Telegram Stars. Only what is about Stars as such names them; everything else asks the currency that it deals with."""
DEFAULT_CURRENCY: Final = XTR
"""Meant where nobody names one. Everybody has a wallet in it, be it empty."""
MAX_AMOUNT: Final = 10**12
"""The largest amount anyone may type, in minor units; keeps sums far from the limits of a stored number."""


class TopUp(StrEnum):
    """How a person brings money of a currency into their wallet."""

    STARS = "stars"
    BILL = "bill"


@dataclass(frozen=True, slots=True)
class Currency:
    """What the rules ask of a currency.

    `minor_units` of it make a whole one. `sign` stands beside its amounts. `goods` is what lots in it sell (spec,
    section 3, "Goods"). `top_up` is how money of it comes in, where that is offered at all (services.settings).
    """

    code: str
    minor_units: int
    sign: str
    goods: str
    top_up: TopUp

    @property
    def is_whole(self) -> bool:
        """It has no minor unit: amounts are typed and shown as whole numbers."""
        return self.minor_units == 1


CURRENCIES: Final = {
    currency.code: currency
    for currency in (
        Currency(XTR, 1, "\N{WHITE MEDIUM STAR}", "digital", TopUp.STARS),
        Currency("RUB", 100, "₽", "physical", TopUp.BILL),
        Currency("USD", 100, "$", "physical", TopUp.BILL),
        Currency("EUR", 100, "€", "physical", TopUp.BILL),
    )
}
"""By code, in the order in which people choose among them."""


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
        if self.currency not in CURRENCIES:
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


def stars(amount: int) -> Money:
    """So many Telegram Stars."""
    return Money(amount, XTR)


def in_stars(amount: Money) -> int:
    """How many Telegram Stars it is. Raises CurrencyMismatch for other money."""
    if amount.currency != XTR:
        raise CurrencyMismatch(f"{amount.currency} where Stars are meant")
    return amount.amount
