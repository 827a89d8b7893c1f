"""A person's money in one currency."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.domain.errors import Blocked, InsufficientFunds, Unsettled
from starbid.domain.money import Money


@dataclass(frozen=True, slots=True)
class Wallet:
    """`available` can be spent, `held` backs bids, `owed` is left of a taken-back payment. None is ever negative."""

    user_id: int
    available: Money
    held: Money
    owed: Money
    blocked: bool = False

    @classmethod
    def empty(cls, user_id: int, currency: str) -> Wallet:
        nothing = Money.zero(currency)
        return cls(user_id, nothing, nothing, nothing)

    @property
    def currency(self) -> str:
        return self.available.currency

    def require_standing(self) -> None:
        """Raises Blocked or Unsettled for a person who may neither bid nor sell."""
        if self.blocked:
            raise Blocked
        if self.owed:
            raise Unsettled(self.owed)

    def require(self, needed: Money) -> None:
        """Raises InsufficientFunds where `available` does not cover `needed`."""
        if self.available < needed:
            raise InsufficientFunds(self.available, needed)


@dataclass(frozen=True, slots=True)
class WalletChange:
    """What an action does to one wallet, as differences. A transaction holds one per person at most."""

    user_id: int
    available: Money
    held: Money

    @classmethod
    def hold(cls, user_id: int, amount: Money) -> WalletChange:
        """Set `amount` aside (a negative one gives it back)."""
        return cls(user_id, -amount, amount)

    @classmethod
    def credit(cls, user_id: int, amount: Money) -> WalletChange:
        """Put `amount` in from outside (a negative one takes it out)."""
        return cls(user_id, amount, Money.zero(amount.currency))

    @classmethod
    def capture(cls, user_id: int, held: Money, price: Money) -> WalletChange:
        """End a hold: `price` leaves the wallet, the rest of `held` is free again (invariant 6)."""
        return cls(user_id, held - price, -held)
